import type { RuleCase } from "./rule-case.ts";

export const edgeCases: readonly RuleCase[] = [
  {
    alert: "EdgeMissing",
    when: "the last nginx is gone",
    series: { 'up{job="edge", instance="10.244.0.3:9113"}': "1x4 stale" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "edge" },
        summary: "No pod of the edge is to be found",
        description: "Kubernetes knows no running nginx, so the platform cannot be reached.",
      },
    ],
  },
  {
    alert: "EdgeMissing",
    when: "one of two is gone",
    series: {
      'up{job="edge", instance="10.244.0.3:9113"}': "1x4 stale",
      'up{job="edge", instance="10.244.0.4:9113"}': "1x20",
    },
    quietAtMinutes: [6, 20],
  },
];
