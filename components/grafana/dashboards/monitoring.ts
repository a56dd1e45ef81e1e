import type { Dashboard } from "./model.ts";

/** Whether those who watch are well themselves. */
export const monitoring: Dashboard = {
  uid: "monitoring",
  title: "Monitoring itself",
  folder: "Infrastructure",
  question: "Is everything seen that should be, and does word of it get through?",
  rows: [
    {
      title: "Seen",
      panels: [
        {
          kind: "stat",
          title: "Targets that do not answer",
          description: "Whatever they are: services, and those that tell of others.",
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [{ expression: "count(up == 0) or vector(0)" }],
          alerts: ["TargetDown", "ServiceDown"],
        },
        {
          kind: "stat",
          title: "Word gets through",
          description: "The alert that always fires. When it is not there, no other is either.",
          unit: "bool",
          words: { 0: "NO", 1: "yes" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: 'max(ALERTS{alertname="Watchdog", alertstate="firing"}) or vector(0)' }],
          alerts: ["Watchdog"],
        },
        {
          kind: "stat",
          title: "Configuration of Prometheus",
          description: "Whether it could be read the last time.",
          unit: "bool",
          words: { 0: "REFUSED", 1: "read" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: "min(prometheus_config_last_reload_successful)" }],
          alerts: ["ConfigurationNotLoaded"],
        },
        {
          kind: "stat",
          title: "Configuration of Alertmanager",
          description: "Whether it could be read the last time.",
          unit: "bool",
          words: { 0: "REFUSED", 1: "read" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: "min(alertmanager_config_last_reload_successful)" }],
          alerts: ["AlertmanagerConfigurationNotLoaded"],
        },
        {
          kind: "stat",
          title: "All well, asked from within",
          description:
            "How long ago a round of the scheduled checks found nothing critical. There is one every five minutes.",
          unit: "s",
          bad: { wrong: "above", value: 900 },
          queries: [
            {
              expression: "time() - max by (cronjob) (kube_cronjob_status_last_successful_time)",
              legend: "{{cronjob}}",
            },
          ],
          alerts: ["HealthCheckFails", "HealthCheckMissing"],
        },
        {
          kind: "lines",
          title: "Targets, by job",
          description: "That answer.",
          width: 12,
          unit: "short",
          stacked: true,
          queries: [{ expression: "sum by (job) (up)", legend: "{{job}}" }],
        },
        {
          kind: "lines",
          title: "Series",
          description: "That Prometheus keeps in memory: it grows with them.",
          width: 12,
          unit: "short",
          queries: [{ expression: "prometheus_tsdb_head_series", legend: "{{instance}}" }],
          alerts: ["SeriesGrow", "ScrapesTooLarge"],
        },
      ],
    },
    {
      title: "Kept",
      panels: [
        {
          kind: "lines",
          title: "Failures of the storage, in three hours",
          description: "Blocks that could not be written, and damage to the log.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression:
                "increase(prometheus_tsdb_compactions_failed_total[3h]) + increase(prometheus_tsdb_wal_corruptions_total[3h])",
              legend: "{{instance}}",
            },
          ],
          alerts: ["PrometheusStorageFails"],
        },
        {
          kind: "lines",
          title: "Starts in an hour",
          description: "While it reads its log again, nothing is watched.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: 'changes(process_start_time_seconds{job=~"prometheus.*"}[1h])',
              legend: "{{job}}",
            },
          ],
          limits: ["PrometheusRestarts"],
        },
      ],
    },
    {
      title: "Judged",
      panels: [
        {
          kind: "lines",
          title: "Time for the rules",
          description: "Of each group, as a share of its interval. A tenth is the aim.",
          width: 12,
          unit: "percentunit",
          queries: [
            {
              expression:
                "prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds",
              legend: "{{rule_group}}",
            },
          ],
          limits: ["RulesSlow"],
        },
        {
          kind: "lines",
          title: "Rules that fail, in five minutes",
          description: "Their alerts would not be raised.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: "sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[5m]))",
              legend: "{{rule_group}}",
            },
          ],
          alerts: ["RulesFail"],
        },
      ],
    },
    {
      title: "Traced",
      panels: [
        {
          kind: "lines",
          title: "Spans a second",
          description: "That the collector was sent. It judges whole traces, and keeps some.",
          width: 8,
          unit: "short",
          queries: [
            {
              expression: "sum by (receiver) (rate(otelcol_receiver_accepted_spans_total[5m]))",
              legend: "{{receiver}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Queue before Jaeger",
          description: "How full it is. When all of it is, traces are lost.",
          width: 8,
          unit: "percentunit",
          queries: [
            {
              expression:
                "sum by (job, instance) (otelcol_exporter_queue_size) / sum by (job, instance) (otelcol_exporter_queue_capacity)",
              legend: "{{instance}}",
            },
          ],
          limits: ["SpansPileUp"],
        },
        {
          kind: "lines",
          title: "Let go, in ten minutes",
          description:
            "Spans that were refused for want of memory, and traces that went before they were judged.",
          width: 8,
          unit: "short",
          queries: [
            {
              expression: "sum by (instance) (increase(otelcol_receiver_refused_spans_total[10m]))",
              legend: "{{instance}}: spans refused",
            },
            {
              expression:
                "sum by (instance) (increase(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total[10m]))",
              legend: "{{instance}}: traces not judged",
            },
          ],
          alerts: ["SpansLost"],
        },
      ],
    },
    {
      title: "Told",
      panels: [
        {
          kind: "lines",
          title: "Alertmanagers known",
          description: "To Prometheus. With none, alerts reach nobody.",
          unit: "short",
          queries: [
            { expression: "prometheus_notifications_alertmanagers_discovered", legend: "{{instance}}" },
          ],
          alerts: ["AlertmanagerMissing", "AlertmanagersApart"],
        },
        {
          kind: "lines",
          title: "Lost on the way there",
          description: "Share of what Prometheus sends and Alertmanager does not take.",
          unit: "percentunit",
          queries: [
            {
              expression:
                "rate(prometheus_notifications_errors_total[5m]) / (rate(prometheus_notifications_sent_total[5m]) > 0)",
              legend: "{{instance}}",
            },
          ],
          alerts: ["NotificationsFail"],
        },
        {
          kind: "lines",
          title: "Messages that failed, in ten minutes",
          description: "By channel. One that is tried again and gets through is none.",
          unit: "short",
          queries: [
            {
              expression: "sum by (integration) (increase(alertmanager_notifications_failed_total[10m]))",
              legend: "{{integration}}",
            },
          ],
          limits: ["DeliveryFails"],
        },
      ],
    },
  ],
};
