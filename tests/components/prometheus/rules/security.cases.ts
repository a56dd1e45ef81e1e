import type { RuleCase } from "./rule-case.ts";

const finding = (priority: number) =>
  `falcosecurity_falco_rules_matches_total{rule_name="Terminal shell in container", instance="10.16.0.5:8765", priority="${priority}"}`;

const notice = {
  labels: { rule_name: "Terminal shell in container", instance: "10.16.0.5:8765" },
  summary: "Falco has seen: Terminal shell in container",
  description:
    "A program did what none of the platform's does. Falco's output on the node of 10.16.0.5:8765 names it, its pod and its parent.",
};

export const securityCases: readonly RuleCase[] = [
  {
    alert: "IntrusionSuspected",
    when: "a rule of Falco's finds something for the first time, and has no counter before",
    series: { [finding(4)]: "_x5 1x20" },
    firesAtMinute: 5,
    notices: [notice],
  },
  {
    alert: "IntrusionSuspected",
    when: "a rule that has found something before finds more",
    series: { [finding(4)]: "3x19 4x20" },
    firesAtMinute: 20,
    notices: [notice],
  },
  {
    alert: "IntrusionSuspected",
    when: "nothing was found for ten minutes",
    series: { [finding(4)]: "_x5 1x40" },
    quietAtMinutes: [4, 16, 40],
  },
  {
    alert: "IntrusionSuspected",
    when: "what was found is worth a notice and no warning",
    series: { [finding(5)]: "_x5 1x20" },
    quietAtMinutes: [5, 10],
  },
];
