import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type Figure, seconds } from "./figures.ts";
import { platformStatus } from "./platform.ts";

const perFile = 10;

/** A Deployment as charts render them; one in seven may gain privileges, and all lack what many lack. */
const deployment = (index: number) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: app-${index}, namespace: team-${index % 50}, labels: { app: app-${index} } }
spec:
  replicas: 2
  selector: { matchLabels: { app: app-${index} } }
  template:
    metadata: { labels: { app: app-${index} } }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: main
          image: registry.example/app:1.${index}.0
          ports: [{ containerPort: 8080 }]
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
          securityContext: { allowPrivilegeEscalation: ${index % 7 === 0}, capabilities: { drop: [ALL] } }
`;

/** How long the rules take for many manifests, beside Checkov on the same where it is installed. */
export async function manifestFigures(folder: string, say: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const checkov = await execa("checkov", ["--version"], { reject: false });
  const rival = checkov.failed ? undefined : `Checkov ${checkov.stdout.trim()}`;
  if (rival === undefined) say("Checkov is not measured: `pip install checkov` puts it on the PATH");
  for (const count of [1_000, 10_000]) {
    const manifests = join(folder, `manifests-${count}`);
    await mkdir(manifests);
    for (let first = 0; first < count; first += perFile) {
      const texts = Array.from({ length: perFile }, (_, index) => deployment(first + index));
      await writeFile(join(manifests, `${first}.yaml`), texts.join(""));
    }
    const name = `${count.toLocaleString("en")} manifests`;
    say(`${name}: the gate`);
    // They violate rules: the gate refuses them with status 3.
    const samples = await seconds(3, () => platformStatus(folder, 3, "gate", "--manifests", manifests));
    figures.push({ name: `gate, ${name}`, unit: "s", samples, beside: "the row below" });
    if (rival === undefined) continue;
    say(`${name}: ${rival}`);
    const words = [
      "--directory",
      manifests,
      "--framework",
      "kubernetes",
      "--quiet",
      "--compact",
      "--output",
      "json",
    ];
    // It ends with 1 where it finds something.
    const theirs = await seconds(1, () => execa("checkov", words, { reject: false, stdout: "ignore" }));
    figures.push({
      name: `${rival}, ${name}`,
      unit: "s",
      samples: theirs,
      beside: "20 times as long wanted",
    });
  }
  return figures;
}
