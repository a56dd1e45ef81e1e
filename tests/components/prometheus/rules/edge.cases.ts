import type { RuleCase } from "./rule-case.ts";

const day = 24 * 3600;
/** Of a certificate that ends so many seconds after a case begins. */
const expiry = (seconds: number) => ({
  'probe_ssl_earliest_cert_expiry{job="blackbox", instance="https://whisper.example.com"}': `${seconds}x30`,
});
/** The same of a store's, which the stack makes. */
const storeExpiry = (seconds: number) => ({
  'probe_ssl_earliest_cert_expiry{job="blackbox-certificates", instance="graph.stores.svc.cluster.local:7687"}': `${seconds}x130`,
});

export const edgeCases: readonly RuleCase[] = [
  {
    alert: "EdgeMissing",
    when: "the last nginx is gone",
    series: { 'up{job="edge", instance="10.244.0.3:9113"}': "1x4 stale" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "edge" },
        summary: "No pod of the edge is to be found",
        description: "Kubernetes knows no running nginx, so the platform cannot be reached.",
      },
    ],
  },
  {
    alert: "EdgeMissing",
    when: "one of two is gone",
    series: {
      'up{job="edge", instance="10.244.0.3:9113"}': "1x4 stale",
      'up{job="edge", instance="10.244.0.4:9113"}': "1x20",
    },
    quietAtMinutes: [6, 20],
  },
  {
    record: "job:nginx_http_requests:rate5m",
    when: "two pods have sixty requests a minute each",
    series: {
      'nginx_http_requests_total{job="edge", pod="a"}': "0+60x20",
      'nginx_http_requests_total{job="edge", pod="b"}': "0+60x20",
    },
    atMinute: 10,
    values: [{ labels: { job: "edge" }, value: 2 }],
  },
  {
    record: "instance:probe_success:avg1h",
    when: "one probe of four fails",
    series: { 'probe_success{job="blackbox", instance="https://whisper.example.com"}': "1 1 1 0" },
    atMinute: 3,
    values: [{ labels: { instance: "https://whisper.example.com" }, value: 0.75 }],
  },
  {
    record: "instance:certificate_remaining:seconds",
    when: "a certificate ends in 40 days",
    series: expiry(40 * day),
    atMinute: 1,
    values: [{ labels: { instance: "https://whisper.example.com" }, value: 40 * day - 60 }],
  },
  {
    alert: "SiteUnreachable",
    when: "two probes fail, and the next does not",
    series: { 'probe_success{job="blackbox", instance="https://whisper.example.com"}': "1x4 0 0 1x20" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "blackbox", instance: "https://whisper.example.com" },
        summary: "https://whisper.example.com cannot be reached",
      },
    ],
    endsAtMinute: 9,
  },
  {
    alert: "SiteUnreachable",
    when: "one probe fails",
    series: { 'probe_success{job="blackbox", instance="https://whisper.example.com"}': "1x4 0 1x20" },
    quietAtMinutes: [5, 5.5, 6, 10],
  },
  {
    alert: "CertificateExpires",
    when: "its last thirty days begin ten minutes from now",
    series: expiry(30 * day + 600),
    firesAtMinute: 15.5,
    notices: [
      {
        labels: { instance: "https://whisper.example.com" },
        summary: "The certificate of https://whisper.example.com ends in 29d 23h 54m 30s",
      },
    ],
  },
  {
    alert: "CertificateExpires",
    when: "it has 31 days",
    series: expiry(31 * day),
    quietAtMinutes: [6, 30],
  },
  {
    alert: "CertificateDue",
    when: "nobody has run an `up` in the fifteen days in which it would have been renewed",
    series: storeExpiry(45 * day + 30),
    firesAtMinute: 61,
    notices: [
      {
        labels: { instance: "graph.stores.svc.cluster.local:7687" },
        summary:
          "The certificate of graph.stores.svc.cluster.local:7687 waits to be renewed, with 44d 22h 59m 30s left",
      },
    ],
  },
  {
    alert: "CertificateDue",
    when: "it has 46 days, or is one of the site's, which others renew",
    series: { ...storeExpiry(46 * day), ...expiry(40 * day) },
    quietAtMinutes: [61, 120],
  },
  {
    alert: "NginxSilent",
    when: "its exporter gets no answer",
    series: { 'nginx_up{job="edge", instance="10.244.0.3:9113"}': "1x4 0x9" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "edge", instance: "10.244.0.3:9113" },
        summary: "An nginx of the edge does not answer its own pod",
        description: "The exporter beside it, at 10.244.0.3:9113, has had no answer for a minute.",
      },
    ],
  },
  {
    alert: "NginxSilent",
    when: "it gets none once",
    series: { 'nginx_up{job="edge", instance="10.244.0.3:9113"}': "1x4 0 1x9" },
    quietAtMinutes: [5, 6, 10],
  },
  {
    alert: "ConnectionsDropped",
    when: "of a hundred connections a minute ten are dropped",
    series: {
      'nginx_connections_accepted{job="edge", instance="a"}': "0+100x30",
      'nginx_connections_handled{job="edge", instance="a"}': "0+90x30",
    },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "edge", instance: "a" },
        summary: "The edge drops connections",
        description: "nginx at a accepts more than it has places for (worker_connections).",
      },
    ],
  },
  {
    alert: "ConnectionsDropped",
    when: "all are handled",
    series: {
      'nginx_connections_accepted{job="edge", instance="a"}': "0+100x30",
      'nginx_connections_handled{job="edge", instance="a"}': "0+100x30",
    },
    quietAtMinutes: [6, 30],
  },
  {
    alert: "SiteSlow",
    when: "probes take three seconds",
    series: { 'probe_duration_seconds{job="blackbox", instance="https://whisper.example.com"}': "3x30" },
    firesAtMinute: 5,
    notices: [
      {
        labels: { job: "blackbox", instance: "https://whisper.example.com" },
        summary: "https://whisper.example.com takes 3s to answer a probe",
      },
    ],
  },
  {
    alert: "SiteSlow",
    when: "one of ten does",
    series: {
      'probe_duration_seconds{job="blackbox", instance="https://whisper.example.com"}': "0.2x9 3 0.2x20",
    },
    quietAtMinutes: [9, 15, 20],
  },
];
