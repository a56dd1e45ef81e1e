import { podRule } from "./pods.ts";

export const requireProbes = podRule({
  name: "require-probes",
  description:
    "What serves says when it is ready and is restarted when it hangs: a roll-out trusts nothing else.",
  remedy: "add a `readinessProbe` and a `livenessProbe`",
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_8" },
    { framework: "Checkov", id: "CKV_K8S_9" },
  ],
  types: ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"],
  check: ({ spec, path }, report) => {
    for (const container of spec.containers) {
      for (const probe of ["readinessProbe", "livenessProbe"] as const) {
        // A worker that serves nothing has nothing to be ready for.
        if (probe === "readinessProbe" && (container.ports ?? []).length === 0) continue;
        if (container[probe] === undefined)
          report("it is missing", `${path}.containers[${container.name}].${probe}`);
      }
    }
  },
});
