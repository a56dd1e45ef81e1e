import type { RuleSet } from "./rule.ts";

/** What the internet reaches. */
export const edgeRules: RuleSet = {
  subject: "edge",
  alerts: [
    {
      name: "EdgeMissing",
      severity: "critical",
      expression: 'absent(up{job="edge"})',
      lasting: "1m",
      summary: "No pod of the edge is to be found",
      description: "Kubernetes knows no running nginx, so the platform cannot be reached.",
    },
  ],
};
