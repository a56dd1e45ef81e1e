import { resourcesRule } from "./resources.ts";

export const requireMemoryRequests = resourcesRule({
  name: "require-memory-requests",
  description:
    "Every container says how much memory it needs: else it is the first to go when its node has none left.",
  remedy: 'set `resources: { requests: { memory: "128Mi" } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_12" },
    { framework: "Trivy", id: "KSV-0016" },
  ],
  bound: "requests",
  resource: "memory",
});
