import { containerRule } from "./pods.ts";

export const requireResourceLimits = containerRule({
  name: "require-resource-limits",
  description:
    "Every container says what it needs and how much memory it may take: one without a limit takes its node along.",
  remedy: 'set `resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_10" },
    { framework: "Trivy", id: "KSV-0018" },
  ],
  check: ({ resources }, report, path) => {
    const wanted = [
      ["requests.cpu", resources?.requests?.cpu],
      ["requests.memory", resources?.requests?.memory],
      ["limits.memory", resources?.limits?.memory],
    ] as const;
    for (const [property, value] of wanted) {
      if (value === undefined) report("it is not set", `${path}.resources.${property}`);
    }
  },
});
