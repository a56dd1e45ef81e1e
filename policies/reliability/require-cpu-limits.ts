import { podRule } from "../kubernetes/pods.ts";

export const requireCpuLimits = podRule({
  name: "require-cpu-limits",
  description:
    "A container that may take every processor makes its neighbours slow. Advice, because one with a limit is slow where processors are free.",
  remedy: 'set `resources: { limits: { cpu: "500m" } }`, well above what it needs',
  severity: "low",
  level: "advisory",
  references: [
    { framework: "Checkov", id: "CKV_K8S_11" },
    { framework: "Trivy", id: "KSV-0011" },
  ],
  check: (pod, report) => {
    const ofAll = pod.spec.resources?.limits?.cpu;
    for (const { container, path } of pod.lastingContainers()) {
      if ((container.resources?.limits?.cpu ?? ofAll) === undefined)
        report("it is not set", `${path}.resources.limits.cpu`);
    }
  },
});
