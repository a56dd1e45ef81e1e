import { stackRule } from "../rule.ts";
import { declarationsOf } from "./declaration.ts";

const time = /^\d+[mhd]$/;

/** What every store must say, and how. */
const facts = {
  store: { what: "what kind of store it is", pattern: /^./ },
  backup: { what: "what backs it up", pattern: /^./ },
  "recovery-point": { what: "how much of it may be lost", pattern: /^(\d+[mhd]|everything)$/ },
  "recovery-time": { what: "how soon it must be back", pattern: time },
} as const;

export const requireStoreDeclaration = stackRule({
  name: "require-store-declaration",
  description:
    "A store says what it is, what backs it up, how much may be lost and how soon it must be back: nobody may learn it late.",
  remedy:
    "declare it: tags `store:postgres`, `backup:managed-daily`, `recovery-point:5m`, `recovery-time:1h` on DigitalOcean, labels `whisper.platform/store: volume`, ... on Kubernetes, the input `store` of the component for buckets and registries; what its provider keeps no copies of says `backup:none`, what keeps its own versions `backup:versions`, and what can be made again `recovery-point:everything`",
  severity: "high",
  references: [{ framework: "SOC 2", id: "A1.2" }],
  check: (resources, report) => {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      const component = resource.parent && byUrn.get(resource.parent.urn);
      for (const declared of declarationsOf(resource, component)) {
        const problems = problemsOf(declared, resource.props.engine);
        if (problems.length > 0) report(resource.urn, problems.join("; "));
      }
    }
  },
});

function problemsOf(declared: Readonly<Record<string, string>>, engine: unknown): string[] {
  const problems = Object.entries(facts).flatMap(([name, { what, pattern }]) => {
    const value = declared[name];
    if (value === undefined) return [`${name}: nothing says ${what}`];
    return pattern.test(value) ? [] : [`${name}: ${value} does not say ${what}`];
  });
  const { backup, "recovery-point": point } = declared;
  if (backup === "managed-daily" && engine === "valkey") {
    problems.push("backup: managed Valkey has no backups, so it cannot be backed up daily");
  }
  if (engine === "pg" && (backup === "none" || point === "everything")) {
    problems.push("backup: a relational database is not something that can be rebuilt");
  }
  if (backup !== undefined && backup !== "none" && !time.test(declared["backup-retention"] ?? "")) {
    problems.push("backup-retention: nothing says how far back its backups go");
  }
  return problems;
}
