import type { RuleCase } from "./rule-case.ts";

export const monitoringCases: readonly RuleCase[] = [
  {
    alert: "ConfigurationNotLoaded",
    when: "Prometheus cannot read its new configuration",
    series: { prometheus_config_last_reload_successful: "1x4 0x20" },
    firesAtMinute: 10,
    notices: [
      {
        summary: "Prometheus refuses its configuration",
        description:
          "It goes on with the last one it could read; promtool says what is wrong with the new one.",
      },
    ],
  },
  {
    alert: "ConfigurationNotLoaded",
    when: "it can",
    series: { prometheus_config_last_reload_successful: "1x20" },
    quietAtMinutes: [5, 20],
  },
  {
    alert: "RulesFail",
    when: "a rule cannot be evaluated",
    series: { 'prometheus_rule_evaluation_failures_total{rule_group="slo"}': "0x4 0+1x20" },
    firesAtMinute: 11,
    notices: [
      {
        labels: { rule_group: "slo" },
        summary: "Rules of slo cannot be evaluated",
        description: "Their alerts would not be raised.",
      },
    ],
  },
  {
    alert: "RulesFail",
    when: "one failed once, long ago",
    series: { 'prometheus_rule_evaluation_failures_total{rule_group="slo"}': "0x4 1x20" },
    quietAtMinutes: [10, 20],
  },
];
