import type { RuleSet } from "./rule.ts";

/** Lines that tell of something, by who wrote them, within ten minutes. */
const told = (event: string) => `sum by (component) (increase(log_records_total{event="${event}"}[10m]))`;

/** What each node's shipper has sent, or lost, on the way to the store; it is called so in its configuration. */
const toStore = '{job="log-shipping", name="store"}';

/**
 * What logs tell, counted by who ships them before they leave their node, and whether they arrive: the same, wherever they are
 * kept.
 */
export const logRules: RuleSet = {
  subject: "logs",
  dashboard: "logs",
  recordings: [
    {
      record: "component:log_errors:rate5m",
      expression: 'sum by (component) (rate(log_records_total{level=~"error|critical"}[5m]))',
    },
  ],
  alerts: [
    {
      name: "LogErrorsBurst",
      severity: "warning",
      // Who has written none for a day has no average: his first burst is one.
      expression:
        "component:log_errors:rate5m * 300 > 30 unless component:log_errors:rate5m <= 5 * avg_over_time(component:log_errors:rate5m[1d] offset 10m)",
      lasting: "5m",
      lingering: "10m",
      summary: '{{ $labels.component }} writes {{ $value | printf "%.0f" }} errors in five minutes',
      description: "More than thirty, and more than five times what it wrote on average in the last day.",
    },
    {
      name: "LogFailedLogins",
      severity: "warning",
      expression: `${told("failed-login")} > 50`,
      lasting: "0m",
      lingering: "10m",
      summary: '{{ $labels.component }} tells of {{ $value | printf "%.0f" }} failed sign-ins in ten minutes',
      description:
        "Somebody tries passwords, at the application, a database, a machine or a tool of the operators', or what signs in there has a wrong one.",
    },
    {
      name: "LogProbeAnswered",
      severity: "warning",
      expression: `${told("probe-answered")} > 0`,
      lasting: "0m",
      lingering: "10m",
      summary: "{{ $labels.component }} answered a request for what nobody should ask for",
      description:
        "A path such as /.env or /.git was asked for, as those do who look for a way in, and the answer was no refusal.",
    },
    {
      name: "LogProbesMany",
      severity: "warning",
      expression: `${told("probe")} > 500`,
      lasting: "0m",
      lingering: "10m",
      summary: '{{ $labels.component }} was probed {{ $value | printf "%.0f" }} times in ten minutes',
      description:
        "More than five hundred requests for paths that only those ask for who look for a way in; all were refused.",
    },
    {
      name: "LogPrivilegeRefused",
      severity: "warning",
      expression: `${told("privilege-refused")} > 0`,
      lasting: "0m",
      lingering: "10m",
      summary: "{{ $labels.component }} tells of somebody who was refused to become root",
      description: "Nothing that the platform runs tries it: an operator mistyped, or somebody is inside.",
    },
    {
      name: "LogsNotTaken",
      severity: "warning",
      expression: `sum by (instance) (rate(fluentbit_output_retries_total${toStore}[10m])) > 0 unless sum by (instance) (rate(fluentbit_output_proc_records_total${toStore}[10m])) > 0`,
      lasting: "15m",
      summary: "The store of logs takes nothing from {{ $labels.instance }}",
      description:
        "For a quarter of an hour each try has failed. What is written waits on the node, up to a gibibyte; alerts on logs still work.",
    },
    {
      name: "LogsLost",
      severity: "warning",
      expression: `sum by (instance) (increase(fluentbit_output_dropped_records_total${toStore}[15m])) > 0`,
      lasting: "0m",
      lingering: "15m",
      summary: '{{ $value | printf "%.0f" }} lines of logs of {{ $labels.instance }} are lost',
      description: "The store has refused them for good, or they have waited until there was no more room.",
    },
    {
      name: "LogShippingMissing",
      severity: "warning",
      expression: 'count(kube_node_info) - (sum(up{job="log-shipping"}) or vector(0)) > 0',
      lasting: "15m",
      summary: "{{ $value }} nodes send no logs",
      description:
        "For a quarter of an hour nothing has told of what is written there. The kubelet keeps 50 MiB of each container; then it is lost.",
    },
  ],
};
