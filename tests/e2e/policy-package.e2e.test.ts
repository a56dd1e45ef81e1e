import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { buildPolicyPackage } from "../../platform/policy-package/build.ts";
import { fixtureProject } from "./helpers/fixture-project.ts";
import { livePlatform } from "./helpers/platform.ts";

/** A project that is not ours: it has the packed policies, and nothing else of this checkout. */
const project = fixtureProject({
  program: `
import { Firewall, SpacesBucket } from "@pulumi/digitalocean";
export async function program() {
  new Firewall("open", {
    name: "open",
    tags: ["environment:staging"],
    inboundRules: [{ protocol: "tcp", portRange: "22", sourceAddresses: ["0.0.0.0/0"] }],
  });
  const lifecycleRule = {
    enabled: true,
    noncurrentVersionExpiration: { days: 30 },
    abortIncompleteMultipartUploadDays: 7,
  };
  new SpacesBucket("uploads", { name: "uploads", region: "tor1", lifecycleRules: [lifecycleRule] });
}
`,
});
const platform = livePlatform(project);
const pack = join(project.folder, "policies");
const configuration = join(project.folder, "Pulumi.staging.yaml");

beforeAll(async () => {
  await buildPolicyPackage(pack);
  configure({});
});

/** Makes these, and no others, what the stack's configuration says to the rules. */
function configure(policies: Record<string, unknown>): void {
  const { config, ...rest }: { config: Record<string, unknown> } = parse(readFileSync(configuration, "utf8"));
  const others = Object.entries(config).filter(([key]) => !key.startsWith("policies:"));
  const said = Object.entries(policies).map(([key, value]) => [`policies:${key}`, value]);
  writeFileSync(configuration, stringify({ ...rest, config: Object.fromEntries([...others, ...said]) }));
}

it("judges there as here, and is configured without being edited", async () => {
  const refused = await platform.run("gate", "staging", "--sandbox");
  expect(refused.stdout).toContain("refuse-open-ssh · open");
  expect(refused.status).toBe(3);

  const rules = [...refused.stdout.matchAll(/^ {2}((?:refuse|require)-\S+) · /gm)].map(([, rule]) => rule);
  configure({ levels: Object.fromEntries(rules.map((rule) => [rule, "advisory"])) });
  const advised = await platform.run("gate", "staging", "--sandbox");
  expect(advised.stdout).toContain("refuse-open-ssh · open");
  expect(advised.status, advised.stdout).toBe(0);
});

it("puts right what the configuration lets it, and says so", async () => {
  const levelsOf = ({ config }: { config: Record<string, unknown> }) => config["policies:levels"] as object;
  const levels = levelsOf(parse(readFileSync(configuration, "utf8")));
  configure({ levels: { ...levels, "require-versioned-buckets": "remediate" } });
  const mended = await platform.run("gate", "staging", "--sandbox");
  expect(mended.stdout).toContain(
    "require-versioned-buckets · uploads\n    versioning: put right in this change",
  );
  expect(mended.stdout).not.toContain("versioning is off");
  expect(mended.status, mended.stdout).toBe(0);
});

it("brings a command for files, which knows the levels of a stack", async () => {
  const manifest = join(project.folder, "pod.yaml");
  const pod = { hostNetwork: true, containers: [{ name: "main", image: "nginx:1.29.3" }] };
  writeFileSync(
    manifest,
    stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace: "web" }, spec: pod }),
  );
  const judged = (...args: string[]) =>
    execa(process.execPath, [join(pack, "cli.mjs"), ...args], { reject: false });

  const refused = await judged("--manifests", manifest, "--json");
  expect(refused.exitCode, refused.stderr).toBe(3);
  const { findings } = JSON.parse(refused.stdout);
  expect(findings.map(({ policy }: { policy: string }) => policy)).toContain("refuse-host-namespaces");

  configure({ levels: { "refuse-host-namespaces": "disabled" } });
  const told = await judged("--manifests", manifest, "--config", configuration);
  expect(told.stdout).not.toContain("refuse-host-namespaces");

  rmSync(configuration);
  const unread = await judged("--manifests", manifest, "--config", configuration);
  expect(unread.exitCode).toBe(2);
  expect(unread.stderr).toContain("Pulumi.staging.yaml cannot be read");
});
