import { stringify } from "yaml";

/** A recorded expression or an alert, as Prometheus reads it. */
type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: { readonly severity: "critical" | "warning" };
      readonly annotations: { readonly summary: string; readonly description: string };
    };

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

const recorded: RuleGroup = {
  name: "application-recorded",
  rules: [
    { record: "job:http_requests:rate5m", expr: "sum by (job) (rate(http_requests_total[5m]))" },
    {
      record: "job:http_errors:ratio5m",
      expr: 'sum by (job) (rate(http_requests_total{status=~"5.."}[5m])) / (sum by (job) (rate(http_requests_total[5m])) > 0)',
    },
    {
      record: "job:http_request_duration_seconds:p95_5m",
      expr: "histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))",
    },
  ],
};

const availability: RuleGroup = {
  name: "availability",
  rules: [
    {
      alert: "ServiceDown",
      expr: "up == 0",
      for: "1m",
      labels: { severity: "critical" },
      annotations: {
        summary: "{{ $labels.job }} does not answer",
        // Its address: a machine outside the cluster has neither pod nor namespace.
        description: "{{ $labels.instance }} has not answered for a minute.",
      },
    },
    {
      alert: "ApiMissing",
      expr: 'absent(up{job="api"})',
      for: "1m",
      labels: { severity: "critical" },
      annotations: {
        summary: "No pod of the API is to be found",
        description: "Kubernetes knows no running pod of the API, so nothing could even fail to answer.",
      },
    },
    {
      alert: "EdgeMissing",
      expr: 'absent(up{job="edge"})',
      for: "1m",
      labels: { severity: "critical" },
      annotations: {
        summary: "No pod of the edge is to be found",
        description: "Kubernetes knows no running nginx, so the platform cannot be reached.",
      },
    },
  ],
};

const quality: RuleGroup = {
  name: "quality",
  rules: [
    {
      alert: "ErrorsFrequent",
      expr: "job:http_errors:ratio5m > 0.05",
      for: "2m",
      labels: { severity: "critical" },
      annotations: {
        summary: "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests",
        description:
          "More than 5 % of the requests of the last five minutes were answered with a server error.",
      },
    },
    {
      alert: "ResponsesSlow",
      expr: "job:http_request_duration_seconds:p95_5m > 2",
      for: "5m",
      labels: { severity: "warning" },
      annotations: {
        summary:
          "One in twenty requests to {{ $labels.job }} takes {{ $value | humanizeDuration }} or longer",
        description: "The 95th percentile of the response times has been above 2 s for five minutes.",
      },
    },
  ],
};

const monitoringItself: RuleGroup = {
  name: "monitoring-itself",
  rules: [
    {
      alert: "ConfigurationNotLoaded",
      expr: "prometheus_config_last_reload_successful == 0",
      for: "5m",
      labels: { severity: "warning" },
      annotations: {
        summary: "Prometheus refuses its configuration",
        description:
          "It goes on with the last one it could read; promtool says what is wrong with the new one.",
      },
    },
    {
      alert: "RulesFail",
      expr: "increase(prometheus_rule_evaluation_failures_total[5m]) > 0",
      for: "5m",
      labels: { severity: "warning" },
      annotations: {
        summary: "Rules of {{ $labels.rule_group }} cannot be evaluated",
        description: "Their alerts would not be raised.",
      },
    },
  ],
};

/** What Falco has found, by rule and node; it numbers priorities as syslog does, and 4 is a warning. */
const findings = (when = "") =>
  `sum by (rule_name, instance) (falcosecurity_falco_rules_matches_total{priority=~"[0-4]"}${when})`;

const intrusion: RuleGroup = {
  name: "intrusion",
  rules: [
    {
      alert: "IntrusionSuspected",
      // A rule's counter is not there before its first finding, so a rate of it would not see that one.
      expr: `${findings()} - ${findings(" offset 10m")} > 0 or (${findings()} > 0 unless ${findings(" offset 10m")})`,
      for: "0m",
      labels: { severity: "critical" },
      annotations: {
        summary: "Falco has seen: {{ $labels.rule_name }}",
        description:
          "A program did what none of the platform's does. Falco's output on the node of {{ $labels.instance }} names it, its pod and its parent.",
      },
    },
  ],
};

/** The first rules: what has to be known of the platform from its first day. */
export function rules(): string {
  return stringify({ groups: [recorded, availability, quality, intrusion, monitoringItself] });
}
