import type { RuleCase } from "./rule-case.ts";

const monitor = { namespace: "whisper-staging-monitoring", cronjob: "whisper-staging-health-monitor" };
const ofMonitor = `namespace="${monitor.namespace}", cronjob="${monitor.cronjob}"`;
const roundFailed = `kube_job_failed{namespace="${monitor.namespace}", job_name="${monitor.cronjob}-29391840", condition="true"}`;

export const monitoringCases: readonly RuleCase[] = [
  {
    alert: "HealthCheckFails",
    when: "a round has found something critical, twice",
    series: { [roundFailed]: "0x4 1x5 _x30" },
    firesAtMinute: 5,
    // Two minutes longer than the Job is there.
    endsAtMinute: 18,
    notices: [
      {
        labels: { namespace: monitor.namespace },
        summary: "Asked from within, something of the platform is critical",
        description:
          'The scheduled checks have found it twice in a row, and no other alert need have seen it: "platform health <environment> --mode scheduled" shows what.',
      },
    ],
  },
  {
    alert: "HealthCheckFails",
    when: "another job fails, and a round found nothing",
    series: {
      [roundFailed]: "0x20",
      'kube_job_failed{namespace="whisper-staging-application", job_name="migrations", condition="true"}':
        "1x20",
    },
    quietAtMinutes: [5, 20],
  },
  {
    alert: "HealthCheckMissing",
    when: "no round begins any more",
    series: { [`kube_cronjob_status_last_schedule_time{${ofMonitor}}`]: "0x40" },
    firesAtMinute: 16.5,
    notices: [
      {
        labels: monitor,
        summary: "Nobody asks from within whether the platform is well",
        description: "The scheduled checks have not begun for 16m 30s; they should every five minutes.",
      },
    ],
  },
  {
    alert: "HealthCheckMissing",
    when: "none ever began",
    series: { [`kube_cronjob_created{${ofMonitor}}`]: "0x40" },
    firesAtMinute: 16.5,
    notices: [
      {
        labels: monitor,
        summary: "Nobody asks from within whether the platform is well",
        description: "The scheduled checks have not begun for 16m 30s; they should every five minutes.",
      },
    ],
  },
  {
    alert: "HealthCheckMissing",
    when: "one does every five minutes",
    series: {
      [`kube_cronjob_created{${ofMonitor}}`]: "0x40",
      [`kube_cronjob_status_last_schedule_time{${ofMonitor}}`]: "0x4 300x4 600x4 900x4 1200x4 1500x4 1800x10",
    },
    quietAtMinutes: [16, 20, 30, 40],
  },
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
  {
    alert: "Watchdog",
    when: "nothing at all happens",
    series: {},
    firesAtMinute: 0,
    notices: [{ summary: "Alerts get through" }],
  },
  {
    alert: "TargetDown",
    when: "an exporter stops answering",
    series: { 'up{job="node-exporter", instance="a:9100"}': "1x4 0x20" },
    firesAtMinute: 10,
    notices: [
      {
        labels: { job: "node-exporter", instance: "a:9100" },
        summary: "node-exporter does not answer: what it tells of is not seen",
        description: "a:9100 has not answered for five minutes.",
      },
    ],
  },
  {
    alert: "TargetDown",
    when: "the API stops answering, which is ServiceDown's to tell",
    series: { 'up{job="api", instance="a:8000"}': "0x20" },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "RulesSlow",
    when: "they take 18 s of 30",
    series: {
      'prometheus_rule_group_last_duration_seconds{rule_group="slo"}': "18x20",
      'prometheus_rule_group_interval_seconds{rule_group="slo"}': "30x20",
    },
    firesAtMinute: 10,
    notices: [{ labels: { rule_group: "slo" }, summary: "Rules of slo take 60% of their interval" }],
  },
  {
    alert: "RulesSlow",
    when: "they take 12 s",
    series: {
      'prometheus_rule_group_last_duration_seconds{rule_group="slo"}': "12x20",
      'prometheus_rule_group_interval_seconds{rule_group="slo"}': "30x20",
    },
    quietAtMinutes: [11, 20],
  },
  {
    alert: "ScrapesTooLarge",
    when: "a target tells too many series each time",
    series: {
      prometheus_target_scrapes_exceeded_sample_limit_total: "0+2x20",
      prometheus_target_scrapes_exceeded_body_size_limit_total: "0x20",
    },
    firesAtMinute: 6,
    notices: [{ summary: "A target tells more than Prometheus takes, so nothing of it is kept" }],
  },
  {
    alert: "ScrapesTooLarge",
    when: "none does",
    series: {
      prometheus_target_scrapes_exceeded_sample_limit_total: "4x20",
      prometheus_target_scrapes_exceeded_body_size_limit_total: "0x20",
    },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "SeriesGrow",
    when: "there are twice as many as a week ago",
    series: { 'prometheus_tsdb_head_series{instance="prometheus-0"}': "80000x83 160000x9" },
    stepMinutes: 120,
    firesAtMinute: 10_200,
    notices: [
      {
        labels: { instance: "prometheus-0" },
        summary: "prometheus-0 keeps 160000 series: half as many again as a week ago",
      },
    ],
  },
  {
    alert: "SeriesGrow",
    when: "there are a third more, or twice as many of a few",
    series: {
      'prometheus_tsdb_head_series{instance="prometheus-0"}': "150000x83 200000x9",
      'prometheus_tsdb_head_series{instance="history"}': "1000x83 2000x9",
    },
    stepMinutes: 120,
    quietAtMinutes: [10_200, 10_800],
  },
  {
    alert: "PrometheusStorageFails",
    when: "a compaction fails",
    series: {
      'prometheus_tsdb_compactions_failed_total{instance="a"}': "0x9 1x60",
      'prometheus_tsdb_wal_corruptions_total{instance="a"}': "0x60",
    },
    firesAtMinute: 15,
    notices: [{ labels: { instance: "a" }, summary: "a cannot keep its samples in order" }],
  },
  {
    alert: "PrometheusStorageFails",
    when: "all is well since it began",
    series: {
      'prometheus_tsdb_compactions_failed_total{instance="a"}': "1x60",
      'prometheus_tsdb_wal_corruptions_total{instance="a"}': "0x60",
    },
    quietAtMinutes: [6, 60],
  },
  {
    alert: "PrometheusRestarts",
    when: "it starts for the third time",
    series: { 'process_start_time_seconds{job="prometheus", instance="a"}': "0x4 300x4 600x4 900x60" },
    firesAtMinute: 15,
    notices: [
      {
        labels: { job: "prometheus", instance: "a" },
        summary: "prometheus starts again and again",
        description: "3 times in an hour. While it reads its log again, nothing is watched.",
      },
    ],
  },
  {
    alert: "PrometheusRestarts",
    when: "it starts twice",
    series: { 'process_start_time_seconds{job="prometheus", instance="a"}': "0x4 300x4 600x60" },
    quietAtMinutes: [11, 60],
  },
  {
    alert: "NotificationsFail",
    when: "one of ten is refused",
    series: {
      'prometheus_notifications_errors_total{alertmanager="am-0"}': "0+1x30",
      'prometheus_notifications_sent_total{alertmanager="am-0"}': "0+10x30",
    },
    firesAtMinute: 11,
    notices: [
      {
        labels: { alertmanager: "am-0" },
        summary: "Alertmanager does not take what Prometheus tells it",
        description: "10% of the alerts sent to am-0 are refused or lost.",
      },
    ],
  },
  {
    alert: "NotificationsFail",
    when: "one of a hundred is",
    series: {
      'prometheus_notifications_errors_total{alertmanager="am-0"}': "0+1x30",
      'prometheus_notifications_sent_total{alertmanager="am-0"}': "0+100x30",
    },
    quietAtMinutes: [12, 30],
  },
  {
    alert: "AlertmanagerMissing",
    when: "the last one goes",
    series: { 'prometheus_notifications_alertmanagers_discovered{instance="a"}': "2x4 0x20" },
    firesAtMinute: 10,
    notices: [{ labels: { instance: "a" }, summary: "a knows no Alertmanager" }],
  },
  {
    alert: "AlertmanagerMissing",
    when: "one of two goes",
    series: { 'prometheus_notifications_alertmanagers_discovered{instance="a"}': "2x4 1x20" },
    quietAtMinutes: [10, 20],
  },
  {
    alert: "DeliveryFails",
    when: "Slack refuses one a minute",
    series: {
      'alertmanager_notifications_failed_total{job="alertmanager", instance="a", integration="slack"}':
        "0+1x30",
    },
    firesAtMinute: 8.5,
    notices: [
      {
        labels: { job: "alertmanager", integration: "slack" },
        summary: "Notifications by slack do not get through",
        description: "8 attempts failed in ten minutes. Other channels may still work: this came by one.",
      },
    ],
  },
  {
    alert: "DeliveryFails",
    when: "it refuses one, which gets through the next time",
    series: {
      'alertmanager_notifications_failed_total{job="alertmanager", instance="a", integration="slack"}':
        "0x9 1x30",
    },
    quietAtMinutes: [12, 16, 30],
  },
  {
    alert: "AlertmanagerConfigurationNotLoaded",
    when: "it cannot read its new configuration",
    series: { alertmanager_config_last_reload_successful: "1x4 0x20" },
    firesAtMinute: 10,
    notices: [{ summary: "Alertmanager refuses its configuration" }],
  },
  {
    alert: "AlertmanagerConfigurationNotLoaded",
    when: "it can",
    series: { alertmanager_config_last_reload_successful: "1x20" },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "AlertmanagersApart",
    when: "one of two knows itself alone",
    series: {
      'up{job="alertmanager", instance="a"}': "1x20",
      'up{job="alertmanager", instance="b"}': "1x20",
      'alertmanager_cluster_members{job="alertmanager", instance="a"}': "1x20",
      'alertmanager_cluster_members{job="alertmanager", instance="b"}': "2x20",
    },
    firesAtMinute: 10,
    notices: [
      {
        labels: { job: "alertmanager", instance: "a" },
        summary: "The Alertmanagers do not see each other",
        description: "a knows 1 of them: each notification comes twice.",
      },
    ],
  },
  {
    alert: "AlertmanagersApart",
    when: "each knows both",
    series: {
      'up{job="alertmanager", instance="a"}': "1x20",
      'up{job="alertmanager", instance="b"}': "1x20",
      'alertmanager_cluster_members{job="alertmanager", instance="a"}': "2x20",
      'alertmanager_cluster_members{job="alertmanager", instance="b"}': "2x20",
    },
    quietAtMinutes: [11, 20],
  },
];
