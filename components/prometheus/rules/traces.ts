import type { RuleSet } from "./rule.ts";

/** Whether spans get to where traces are looked at, as the collector tells. Users notice nothing of it. */
export const traceRules: RuleSet = {
  subject: "traces",
  dashboard: "monitoring",
  alerts: [
    {
      name: "SpansPileUp",
      severity: "warning",
      expression:
        "sum by (job, instance) (otelcol_exporter_queue_size) / sum by (job, instance) (otelcol_exporter_queue_capacity) > 0.5",
      lasting: "5m",
      lingering: "10m",
      summary: "Jaeger does not take the spans that the collector has for it",
      description:
        "{{ $value | humanizePercentage }} of the queue are full. When all of it is, traces are lost, those of what fails too.",
    },
    {
      name: "SpansLost",
      severity: "warning",
      expression:
        "sum by (job, instance) (increase(otelcol_receiver_refused_spans_total[10m])) + sum by (job, instance) (increase(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total[10m])) > 0",
      lasting: "5m",
      lingering: "10m",
      summary: "The collector has more spans than it can hold, and lets some go",
      description:
        "In ten minutes it refused spans for want of memory, or let go of traces before it had judged them: what failed or was slow may be among them.",
    },
  ],
};
