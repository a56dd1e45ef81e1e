import { podRule } from "../kubernetes/pods.ts";

/** What ends by itself is not asked whether it lives. */
const tasks = /:(Job|CronJob|PodTemplate)(Patch|List)?$/;

export const requireProbes = podRule({
  name: "require-probes",
  description:
    "What runs on says when it is ready and is restarted when it hangs: a roll-out trusts nothing else.",
  remedy: "add a `readinessProbe` and a `livenessProbe`",
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_8" },
    { framework: "Checkov", id: "CKV_K8S_9" },
  ],
  types: (type) => type.startsWith("kubernetes:") && !tasks.test(type),
  check: ({ spec, path }, report) => {
    if (spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure") return;
    for (const container of spec.containers) {
      for (const probe of ["readinessProbe", "livenessProbe"] as const) {
        if (container[probe] === undefined)
          report("it is missing", `${path}.containers[${container.name}].${probe}`);
      }
    }
  },
});
