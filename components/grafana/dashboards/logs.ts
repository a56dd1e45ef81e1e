import type { Dashboard } from "./model.ts";

const events = (names: string) =>
  `sum by (component, event) (increase(log_records_total{event=~"${names}"}[10m]))`;

/** What each node's shipper sends to the store. */
const toStore = 'job="log-shipping", name="store"';

/** What logs tell, counted before they leave their node, and whether they arrive. The lines themselves are in the store. */
export const logs: Dashboard = {
  uid: "logs",
  title: "Logs",
  folder: "Service",
  question: "Who writes errors, who is tried by strangers, and do all logs arrive?",
  variables: [{ name: "component", label: "Component", metric: "log_records_total" }],
  rows: [
    {
      title: "What is written",
      panels: [
        {
          kind: "lines",
          title: "Errors a second",
          description:
            "By component, over five minutes. Five times as many as on average in the last day are a burst.",
          width: 12,
          unit: "short",
          queries: [
            { expression: 'component:log_errors:rate5m{component=~"$component"}', legend: "{{component}}" },
          ],
          alerts: ["LogErrorsBurst"],
        },
        {
          kind: "lines",
          title: "Lines a second",
          description: "By level: what is written most is kept most dearly.",
          width: 12,
          unit: "short",
          stacked: true,
          queries: [
            {
              expression: 'sum by (level) (rate(log_records_total{component=~"$component"}[5m]))',
              legend: "{{level}}",
            },
          ],
        },
      ],
    },
    {
      title: "Who is tried by strangers",
      panels: [
        {
          kind: "lines",
          title: "Failed sign-ins in ten minutes",
          description: "As the application, databases, machines and tools write of them.",
          unit: "short",
          queries: [{ expression: events("failed-login"), legend: "{{component}}" }],
          limits: ["LogFailedLogins"],
        },
        {
          kind: "lines",
          title: "Probes in ten minutes",
          description: "Requests that only those make who look for a way in: refused, and answered.",
          unit: "short",
          queries: [{ expression: events("probe|probe-answered"), legend: "{{component}} {{event}}" }],
          limits: ["LogProbesMany"],
          alerts: ["LogProbeAnswered"],
        },
        {
          kind: "lines",
          title: "Refused to become root, in ten minutes",
          description: "Nothing that the platform runs tries it.",
          unit: "short",
          queries: [{ expression: events("privilege-refused"), legend: "{{component}}" }],
          alerts: ["LogPrivilegeRefused"],
        },
      ],
    },
    {
      title: "Whether they arrive",
      panels: [
        {
          kind: "stat",
          title: "Nodes that send none",
          description: "Of those that there are.",
          width: 24,
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [{ expression: 'count(kube_node_info) - (sum(up{job="log-shipping"}) or vector(0))' }],
          alerts: ["LogShippingMissing"],
        },
        {
          kind: "lines",
          title: "Sent a second",
          description: "Lines that the store has taken, by node.",
          unit: "short",
          queries: [
            {
              expression: `sum by (instance) (rate(fluentbit_output_proc_records_total{${toStore}}[10m]))`,
              legend: "{{instance}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Tried again a second",
          description: "What the store did not take at once: the node keeps it, up to a gibibyte.",
          unit: "short",
          queries: [
            {
              expression: `sum by (instance) (rate(fluentbit_output_retries_total{${toStore}}[10m]))`,
              legend: "{{instance}}",
            },
          ],
          alerts: ["LogsNotTaken"],
        },
        {
          kind: "lines",
          title: "Lost, in a quarter of an hour",
          description: "Refused for good, or given up for want of room.",
          unit: "short",
          queries: [
            {
              expression: `sum by (instance) (increase(fluentbit_output_dropped_records_total{${toStore}}[15m]))`,
              legend: "{{instance}}",
            },
          ],
          alerts: ["LogsLost"],
        },
      ],
    },
  ],
};
