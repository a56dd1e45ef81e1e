import type { RuleSet } from "./rule.ts";

/** What Falco has found, by rule and node; it numbers priorities as syslog does, and 4 is a warning. */
const findings = (when = "") =>
  `sum by (rule_name, instance) (falcosecurity_falco_rules_matches_total{priority=~"[0-4]"}${when})`;

/** Whoever does what nobody should. */
export const securityRules: RuleSet = {
  subject: "security",
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
  ],
};
