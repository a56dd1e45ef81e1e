import type { RuleSet } from "./rule.ts";

/** Whether those who watch are well themselves. */
export const monitoringRules: RuleSet = {
  subject: "monitoring",
  alerts: [
    {
      name: "ConfigurationNotLoaded",
      severity: "warning",
      expression: "prometheus_config_last_reload_successful == 0",
      lasting: "5m",
      summary: "Prometheus refuses its configuration",
      description:
        "It goes on with the last one it could read; promtool says what is wrong with the new one.",
    },
    {
      name: "RulesFail",
      severity: "warning",
      expression: "increase(prometheus_rule_evaluation_failures_total[5m]) > 0",
      lasting: "5m",
      summary: "Rules of {{ $labels.rule_group }} cannot be evaluated",
      description: "Their alerts would not be raised.",
    },
  ],
};
