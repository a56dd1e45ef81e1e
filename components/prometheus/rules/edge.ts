import { thresholds } from "../../../catalog/thresholds.ts";
import type { RuleSet } from "./rule.ts";

/** What the internet reaches, and what a user at the other end of it would see. */
export const edgeRules: RuleSet = {
  subject: "edge",
  dashboard: "edge",
  recordings: [
    {
      record: "job:nginx_http_requests:rate5m",
      expression: "sum by (job) (rate(nginx_http_requests_total[5m]))",
    },
    {
      record: "instance:probe_success:avg1h",
      expression: "avg by (instance) (avg_over_time(probe_success[1h]))",
    },
    {
      record: "instance:certificate_remaining:seconds",
      expression: "min by (instance) (probe_ssl_earliest_cert_expiry - time())",
    },
  ],
  alerts: [
    {
      name: "EdgeMissing",
      severity: "critical",
      expression: 'absent(up{job="edge"})',
      lasting: "1m",
      summary: "No pod of the edge is to be found",
      description: "Kubernetes knows no running nginx, so the platform cannot be reached.",
    },
    {
      name: "SiteUnreachable",
      severity: "critical",
      expression: "probe_success == 0",
      lasting: "1m",
      lingering: "2m",
      summary: "{{ $labels.instance }} cannot be reached",
      description:
        "For a minute a probe of the address, by its public name, has got no answer or a wrong one: so do users.",
    },
    {
      name: "CertificateExpires",
      severity: "critical",
      expression: `instance:certificate_remaining:seconds < ${thresholds.certificateDays} * 86400`,
      lasting: "5m",
      summary: "The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}",
      description:
        "It should have been renewed by itself more than 30 days before its end. After that, no browser goes on.",
    },
    {
      name: "CertificateDue",
      severity: "warning",
      expression: `min by (instance) (probe_ssl_earliest_cert_expiry{job="blackbox-certificates"} - time()) < ${thresholds.renewalDays} * 86400`,
      lasting: "1h",
      summary:
        "The certificate of {{ $labels.instance }} waits to be renewed, with {{ $value | humanizeDuration }} left",
      description:
        "The stack makes it, and any `up` in its last 60 days renews it: nobody has run one. At its end, the application can no longer connect.",
    },
    {
      name: "NginxSilent",
      severity: "critical",
      expression: "nginx_up == 0",
      lasting: "1m",
      summary: "An nginx of the edge does not answer its own pod",
      description: "The exporter beside it, at {{ $labels.instance }}, has had no answer for a minute.",
    },
    {
      name: "ConnectionsDropped",
      severity: "warning",
      expression: "increase(nginx_connections_accepted[5m]) - increase(nginx_connections_handled[5m]) > 0.5",
      lasting: "5m",
      lingering: "10m",
      summary: "The edge drops connections",
      description:
        "nginx at {{ $labels.instance }} accepts more than it has places for (worker_connections).",
    },
    {
      name: "SiteSlow",
      severity: "warning",
      expression: `avg_over_time(probe_duration_seconds[10m]) > ${thresholds.responseSeconds}`,
      lasting: "5m",
      lingering: "10m",
      summary: "{{ $labels.instance }} takes {{ $value | humanizeDuration }} to answer a probe",
      description:
        "The mean of ten minutes, with names, connection and TLS in it: what a user waits for before anything is shown.",
    },
  ],
};
