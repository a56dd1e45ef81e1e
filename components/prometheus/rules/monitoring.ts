import { observersPattern } from "./jobs.ts";
import type { RuleSet } from "./rule.ts";

/** Names of what begins the scheduled checks, and of the jobs that carry them out. */
const healthMonitor = ".+-health-monitor";
const healthMonitorJobs = `${healthMonitor}-[0-9]+`;

/** Whether those who watch are well themselves. */
export const monitoringRules: RuleSet = {
  subject: "monitoring",
  dashboard: "monitoring",
  alerts: [
    {
      name: "Watchdog",
      // It always fires. Whoever gets it regularly, outside of the platform, tells somebody when it stays away.
      severity: "info",
      expression: "vector(1)",
      lasting: "0m",
      summary: "Alerts get through",
      description: "This one always fires. When it no longer arrives, nothing else would either.",
    },
    {
      name: "HealthCheckFails",
      severity: "critical",
      // A Job of it fails at the second try. It is gone when the next should have done better: in between, it lingers.
      expression: `max by (namespace) (kube_job_failed{condition="true", job_name=~"${healthMonitorJobs}"}) == 1`,
      lasting: "0m",
      lingering: "2m",
      summary: "Asked from within, something of the platform is critical",
      description:
        'The scheduled checks have found it twice in a row, and no other alert need have seen it: "platform health <environment> --mode scheduled" shows what.',
    },
    {
      name: "HealthCheckMissing",
      severity: "warning",
      expression: `time() - max by (namespace, cronjob) (kube_cronjob_status_last_schedule_time{cronjob=~"${healthMonitor}"} or kube_cronjob_created{cronjob=~"${healthMonitor}"}) > 900`,
      lasting: "1m",
      summary: "Nobody asks from within whether the platform is well",
      description:
        "The scheduled checks have not begun for {{ $value | humanizeDuration }}; they should every five minutes.",
    },
    {
      name: "TargetDown",
      severity: "warning",
      expression: `up{job=~"${observersPattern}"} == 0`,
      lasting: "5m",
      lingering: "5m",
      summary: "{{ $labels.job }} does not answer: what it tells of is not seen",
      description: "{{ $labels.instance }} has not answered for five minutes.",
    },
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
    {
      name: "RulesSlow",
      severity: "warning",
      expression:
        "prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds > 0.5",
      lasting: "10m",
      lingering: "10m",
      summary: "Rules of {{ $labels.rule_group }} take {{ $value | humanizePercentage }} of their interval",
      description: "A tenth is the aim. Above the whole, evaluations are left out and alerts come late.",
    },
    {
      name: "ScrapesTooLarge",
      severity: "warning",
      expression:
        "increase(prometheus_target_scrapes_exceeded_sample_limit_total[10m]) + increase(prometheus_target_scrapes_exceeded_body_size_limit_total[10m]) > 0",
      lasting: "5m",
      summary: "A target tells more than Prometheus takes, so nothing of it is kept",
      description: "A label with too many values is the usual reason: an address, an id, a path.",
    },
    {
      name: "SeriesGrow",
      severity: "warning",
      expression:
        "prometheus_tsdb_head_series > 1.5 * (prometheus_tsdb_head_series offset 1w) and prometheus_tsdb_head_series > 100000",
      lasting: "1h",
      summary:
        '{{ $labels.instance }} keeps {{ $value | printf "%.0f" }} series: half as many again as a week ago',
      description: "Its memory grows with them.",
    },
    {
      name: "PrometheusStorageFails",
      severity: "warning",
      expression:
        "increase(prometheus_tsdb_compactions_failed_total[3h]) + increase(prometheus_tsdb_wal_corruptions_total[3h]) > 0",
      lasting: "5m",
      summary: "{{ $labels.instance }} cannot keep its samples in order",
      description:
        "Blocks could not be written or the log is damaged: history may be missing after a restart.",
    },
    {
      name: "PrometheusRestarts",
      severity: "warning",
      expression: 'changes(process_start_time_seconds{job=~"prometheus.*"}[1h]) > 2',
      lasting: "0m",
      lingering: "30m",
      summary: "{{ $labels.job }} starts again and again",
      description:
        '{{ $value | printf "%.0f" }} times in an hour. While it reads its log again, nothing is watched.',
    },
    {
      name: "NotificationsFail",
      severity: "warning",
      expression:
        "rate(prometheus_notifications_errors_total[5m]) / (rate(prometheus_notifications_sent_total[5m]) > 0) > 0.05",
      lasting: "10m",
      summary: "Alertmanager does not take what Prometheus tells it",
      description:
        "{{ $value | humanizePercentage }} of the alerts sent to {{ $labels.alertmanager }} are refused or lost.",
    },
    {
      name: "AlertmanagerMissing",
      severity: "critical",
      expression: "prometheus_notifications_alertmanagers_discovered == 0",
      lasting: "5m",
      summary: "{{ $labels.instance }} knows no Alertmanager",
      description:
        "Its alerts reach nobody; this one comes from its twin, or shows where alerts are looked at by hand.",
    },
    {
      name: "DeliveryFails",
      severity: "critical",
      // One that is tried again and gets through is none.
      expression: "sum by (job, integration) (increase(alertmanager_notifications_failed_total[10m])) > 3",
      lasting: "5m",
      lingering: "10m",
      summary: "Notifications by {{ $labels.integration }} do not get through",
      description:
        '{{ $value | printf "%.0f" }} attempts failed in ten minutes. Other channels may still work: this came by one.',
    },
    {
      name: "AlertmanagerConfigurationNotLoaded",
      severity: "critical",
      pages: false,
      expression: "alertmanager_config_last_reload_successful == 0",
      lasting: "5m",
      summary: "Alertmanager refuses its configuration",
      description: "It goes on with the last one it could read; amtool says what is wrong with the new one.",
    },
    {
      name: "AlertmanagersApart",
      severity: "warning",
      expression:
        'alertmanager_cluster_members < on (job) group_left () count by (job) (up{job="alertmanager"})',
      lasting: "10m",
      summary: "The Alertmanagers do not see each other",
      description: "{{ $labels.instance }} knows {{ $value }} of them: each notification comes twice.",
    },
  ],
};
