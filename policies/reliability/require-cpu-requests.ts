import { resourcesRule } from "./resources.ts";

export const requireCpuRequests = resourcesRule({
  name: "require-cpu-requests",
  description:
    "Every container says how much of a processor it needs: the scheduler puts it where there is none else.",
  remedy: 'set `resources: { requests: { cpu: "100m" } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_10" },
    { framework: "Trivy", id: "KSV-0015" },
  ],
  bound: "requests",
  resource: "cpu",
});
