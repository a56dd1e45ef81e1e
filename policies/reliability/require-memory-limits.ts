import { resourcesRule } from "./resources.ts";

export const requireMemoryLimits = resourcesRule({
  name: "require-memory-limits",
  description: "Every container says how much memory it may take: one without a limit takes its node along.",
  remedy: 'set `resources: { limits: { memory: "256Mi" } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_13" },
    { framework: "Trivy", id: "KSV-0018" },
  ],
  bound: "limits",
  resource: "memory",
});
