import { probeRule } from "./probes.ts";

export const requireLivenessProbes = probeRule({
  name: "require-liveness-probes",
  description:
    "What runs on says that it lives, and is restarted when it hangs: else somebody has to see it.",
  remedy: 'add a `livenessProbe: { httpGet: { path: "/health", port: 8000 } }`',
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_8" },
    { framework: "Gatekeeper library", id: "requiredprobes" },
  ],
  probe: "livenessProbe",
});
