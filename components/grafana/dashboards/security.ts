import type { Dashboard } from "./model.ts";

/** Whoever does what nobody should. */
export const security: Dashboard = {
  uid: "security",
  title: "Security",
  folder: "Service",
  question: "Does somebody try to get in, and has anything run that should not?",
  span: "24h",
  rows: [
    {
      title: "Sign-ins",
      panels: [
        {
          kind: "lines",
          title: "Sign-ins in ten minutes",
          description:
            "Failed and succeeded. Many of both are somebody who tries passwords, and may have found some.",
          width: 12,
          unit: "short",
          queries: [
            { expression: "sum by (outcome) (increase(login_attempts_total[10m]))", legend: "{{outcome}}" },
          ],
          limits: ["LoginsFail", "LoginAttackSuspected"],
        },
        {
          kind: "lines",
          title: "Requests denied",
          description:
            "Share answered with 401 or 403: somebody looks for a door, or a release has locked users out.",
          width: 12,
          unit: "percentunit",
          queries: [
            {
              expression:
                'sum by (job) (rate(http_requests_total{status=~"401|403"}[10m])) / (job:http_requests:rate5m > 0)',
              legend: "{{job}}",
            },
          ],
          alerts: ["AccessDeniedOften"],
        },
      ],
    },
    {
      title: "Falco",
      panels: [
        {
          kind: "stat",
          title: "Nodes that nobody watches",
          description: "Of those that there are.",
          width: 6,
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [{ expression: 'count(kube_node_info) - (sum(up{job="falco"}) or vector(0))' }],
          alerts: ["IntrusionWatchMissing"],
        },
        {
          kind: "stat",
          title: "Findings, last 24 hours",
          description: "Warnings and worse. Falco's output on the node names program, pod and parent.",
          width: 6,
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [
            {
              expression:
                'sum(increase(falcosecurity_falco_rules_matches_total{priority=~"[0-4]"}[1d])) or vector(0)',
            },
          ],
          alerts: ["IntrusionSuspected"],
        },
        {
          kind: "bars",
          title: "What it has seen since it started",
          description: "By rule.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: "sort_desc(sum by (rule_name) (falcosecurity_falco_rules_matches_total))",
              legend: "{{rule_name}}",
            },
          ],
          alerts: ["IntrusionSuspected"],
        },
      ],
    },
  ],
};
