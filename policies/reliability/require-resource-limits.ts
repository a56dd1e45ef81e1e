import { podRule } from "../kubernetes/pods.ts";

export const requireResourceLimits = podRule({
  name: "require-resource-limits",
  description:
    "Every container says what it needs and how much memory it may take: one without a limit takes its node along.",
  remedy: 'set `resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_10" },
    { framework: "Checkov", id: "CKV_K8S_12" },
    { framework: "Checkov", id: "CKV_K8S_13" },
    { framework: "Trivy", id: "KSV-0015" },
    { framework: "Trivy", id: "KSV-0016" },
    { framework: "Trivy", id: "KSV-0018" },
  ],
  check: (pod, report) => {
    const { resources: ofAll } = pod.spec;
    for (const { container, path } of pod.lastingContainers()) {
      const { resources } = container;
      const wanted = [
        ["requests.cpu", resources?.requests?.cpu ?? ofAll?.requests?.cpu],
        ["requests.memory", resources?.requests?.memory ?? ofAll?.requests?.memory],
        ["limits.memory", resources?.limits?.memory ?? ofAll?.limits?.memory],
      ] as const;
      for (const [property, value] of wanted) {
        if (value === undefined) report("it is not set", `${path}.resources.${property}`);
      }
    }
  },
});
