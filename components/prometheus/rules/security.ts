import type { RuleSet } from "./rule.ts";

/** What Falco has found, by rule and node; it numbers priorities as syslog does, and 4 is a warning. */
const findings = (when = "") =>
  `sum by (rule_name, instance) (falcosecurity_falco_rules_matches_total{priority=~"[0-4]"}${when})`;

/** Whoever does what nobody should. */
export const securityRules: RuleSet = {
  subject: "security",
  dashboard: "security",
  alerts: [
    {
      name: "IntrusionSuspected",
      severity: "critical",
      // A rule's counter is not there before its first finding, so a rate of it would not see that one.
      expression: `${findings()} - ${findings(" offset 10m")} > 0 or (${findings()} > 0 unless ${findings(" offset 10m")})`,
      lasting: "0m",
      summary: "Falco has seen: {{ $labels.rule_name }}",
      description:
        "A program did what none of the platform's does. Falco's output on the node of {{ $labels.instance }} names it, its pod and its parent.",
    },
    {
      name: "LoginsFail",
      severity: "warning",
      expression: 'sum(increase(login_attempts_total{outcome="failed"}[10m])) > 50',
      lasting: "0m",
      lingering: "10m",
      summary: '{{ $value | printf "%.0f" }} sign-ins have failed in ten minutes',
      description: "Somebody tries passwords, or sign-in is broken: then hardly any succeeds either.",
    },
    {
      name: "LoginAttackSuspected",
      severity: "critical",
      expression:
        'sum(increase(login_attempts_total{outcome="failed"}[10m])) > 500 and sum(increase(login_attempts_total{outcome="succeeded"}[10m])) > 0',
      lasting: "0m",
      lingering: "10m",
      summary: '{{ $value | printf "%.0f" }} sign-ins have failed in ten minutes, and others succeeded',
      description: "So many are a program that tries passwords, and some of them may have been right.",
    },
    {
      name: "AccessDeniedOften",
      severity: "warning",
      expression:
        'sum by (job) (rate(http_requests_total{status=~"401|403"}[10m])) / (job:http_requests:rate5m > 0) > 0.2 and sum by (job) (increase(http_requests_total{status=~"401|403"}[10m])) > 100',
      lasting: "5m",
      lingering: "10m",
      summary: "{{ $labels.job }} denies {{ $value | humanizePercentage }} of its requests",
      description:
        "More than a fifth, and more than a hundred in ten minutes: somebody looks for a door, or a release has locked users out.",
    },
    {
      name: "IntrusionWatchMissing",
      severity: "warning",
      expression: 'count(kube_node_info) - (sum(up{job="falco"}) or vector(0)) > 0',
      lasting: "15m",
      summary: "{{ $value }} nodes are not watched by Falco",
      description: "For a quarter of an hour nobody would have seen an intruder there.",
    },
  ],
};
