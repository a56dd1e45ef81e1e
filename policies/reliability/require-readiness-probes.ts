import { probeRule } from "./probes.ts";

export const requireReadinessProbes = probeRule({
  name: "require-readiness-probes",
  description:
    "What runs on says when it is ready: a roll-out trusts nothing else, and sends users to pods that do not answer.",
  remedy: 'add a `readinessProbe: { httpGet: { path: "/ready", port: 8000 } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_9" },
    { framework: "Gatekeeper library", id: "requiredprobes" },
  ],
  probe: "readinessProbe",
});
