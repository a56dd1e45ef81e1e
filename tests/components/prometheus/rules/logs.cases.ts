import type { RuleCase } from "./rule-case.ts";

const told = (event: string, values: string) => ({
  [`log_records_total{component="proxy", level="info", event="${event}"}`]: values,
});
const errors = 'component:log_errors:rate5m{component="app-api"}';
const sent = (metric: string) =>
  `fluentbit_output_${metric}_total{job="log-shipping", name="store", instance="10.16.0.5:2021"}`;
const component = { component: "proxy" };
const nodes = (second: string) => ({
  'kube_node_info{node="a"}': "1x40",
  'kube_node_info{node="b"}': "1x40",
  'up{job="log-shipping", instance="a"}': "1x40",
  'up{job="log-shipping", instance="b"}': second,
});

export const logCases: readonly RuleCase[] = [
  {
    record: "component:log_errors:rate5m",
    when: "a component writes three errors a minute on two nodes, and other lines",
    series: {
      'log_records_total{component="app-api", level="error", event="none", instance="a"}': "0+2x20",
      'log_records_total{component="app-api", level="critical", event="none", instance="b"}': "0+1x20",
      'log_records_total{component="app-api", level="info", event="none", instance="b"}': "0+90x20",
    },
    atMinute: 10,
    values: [{ labels: { component: "app-api" }, value: 0.05 }],
  },
  {
    alert: "LogErrorsBurst",
    when: "who writes one a minute writes sixty",
    series: { [errors]: "0.0166x60 1x20" },
    firesAtMinute: 66,
    notices: [{ labels: { component: "app-api" }, summary: "app-api writes 300 errors in five minutes" }],
  },
  {
    alert: "LogErrorsBurst",
    when: "who has never written any writes forty in five minutes",
    series: { [errors]: "0.1334x20" },
    firesAtMinute: 5,
    notices: [{ labels: { component: "app-api" }, summary: "app-api writes 40 errors in five minutes" }],
  },
  {
    alert: "LogErrorsBurst",
    when: "somebody always writes sixty a minute",
    series: { [errors]: "1x90" },
    quietAtMinutes: [30, 60, 90],
  },
  {
    alert: "LogErrorsBurst",
    when: "ten times as many as usual are still few",
    series: { [errors]: "0.005x60 0.05x20" },
    quietAtMinutes: [66, 75],
  },
  {
    alert: "LogFailedLogins",
    when: "sixty sign-ins fail within a minute",
    series: told("failed-login", "0x9 60x20"),
    firesAtMinute: 10,
    notices: [{ labels: component, summary: "proxy tells of 60 failed sign-ins in ten minutes" }],
  },
  {
    alert: "LogFailedLogins",
    when: "four fail a minute",
    series: told("failed-login", "0+4x40"),
    quietAtMinutes: [10, 40],
  },
  {
    alert: "LogProbeAnswered",
    when: "one probe is answered",
    series: told("probe-answered", "0x9 1x20"),
    firesAtMinute: 10,
    notices: [{ labels: component, summary: "proxy answered a request for what nobody should ask for" }],
  },
  {
    alert: "LogProbeAnswered",
    when: "probes are refused",
    series: { ...told("probe", "0+20x40"), ...told("probe-answered", "0x40") },
    quietAtMinutes: [10, 40],
  },
  {
    alert: "LogProbesMany",
    when: "six hundred come within a minute",
    series: told("probe", "0x9 600x20"),
    firesAtMinute: 10,
    notices: [{ labels: component, summary: "proxy was probed 600 times in ten minutes" }],
  },
  {
    alert: "LogProbesMany",
    when: "forty come a minute, as they do everywhere",
    series: told("probe", "0+40x40"),
    quietAtMinutes: [10, 40],
  },
  {
    alert: "LogPrivilegeRefused",
    when: "somebody is refused once",
    series: told("privilege-refused", "0x9 1x20"),
    firesAtMinute: 10,
    notices: [{ labels: component, summary: "proxy tells of somebody who was refused to become root" }],
  },
  {
    alert: "LogPrivilegeRefused",
    when: "nobody is",
    series: told("privilege-refused", "1x40"),
    quietAtMinutes: [10, 40],
  },
  {
    alert: "LogsNotTaken",
    when: "each try fails",
    series: { [sent("retries")]: "0+2x60", [sent("proc_records")]: "100x60" },
    firesAtMinute: 16,
    notices: [
      {
        labels: { instance: "10.16.0.5:2021" },
        summary: "The store of logs takes nothing from 10.16.0.5:2021",
      },
    ],
  },
  {
    alert: "LogsNotTaken",
    when: "some tries fail, and lines arrive",
    series: { [sent("retries")]: "0+2x60", [sent("proc_records")]: "0+100x60" },
    quietAtMinutes: [20, 60],
  },
  {
    alert: "LogsNotTaken",
    when: "nobody writes anything",
    series: { [sent("retries")]: "5x60", [sent("proc_records")]: "100x60" },
    quietAtMinutes: [20, 60],
  },
  {
    alert: "LogsLost",
    when: "the buffer of a node overflows",
    series: { [sent("dropped_records")]: "0x9 100x30" },
    firesAtMinute: 10,
    notices: [
      {
        labels: { instance: "10.16.0.5:2021" },
        summary: "100 lines of logs of 10.16.0.5:2021 are lost",
      },
    ],
  },
  {
    alert: "LogsLost",
    when: "nothing is lost any more",
    series: { [sent("dropped_records")]: "100x40" },
    quietAtMinutes: [20, 40],
  },
  {
    alert: "LogShippingMissing",
    when: "the shipper of a node is gone",
    series: nodes("1x4 0x40"),
    firesAtMinute: 20,
    notices: [{ summary: "1 nodes send no logs" }],
  },
  {
    alert: "LogShippingMissing",
    when: "one is restarted",
    series: nodes("1x4 0x3 1x40"),
    quietAtMinutes: [5, 25],
  },
];
