import type { RuleCase } from "./rule-case.ts";

const of = (metric: string) => `${metric}{job="opentelemetry-collector", instance="a:8888"}`;
const labels = { job: "opentelemetry-collector", instance: "a:8888" };
const refused = of("otelcol_receiver_refused_spans_total");
const early = of("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total");
const size = of("otelcol_exporter_queue_size");
const capacity = of("otelcol_exporter_queue_capacity");

export const traceCases: readonly RuleCase[] = [
  {
    alert: "SpansPileUp",
    when: "Jaeger takes nothing any more",
    series: { [size]: "0x4 600x20", [capacity]: "1000x24" },
    firesAtMinute: 10,
    notices: [
      {
        labels,
        summary: "Jaeger does not take the spans that the collector has for it",
        description:
          "60% of the queue are full. When all of it is, traces are lost, those of what fails too.",
      },
    ],
  },
  {
    alert: "SpansPileUp",
    when: "a burst fills half of the queue and is taken",
    series: { [size]: "0x4 600x2 0x20", [capacity]: "1000x26" },
    quietAtMinutes: [6, 12, 20],
  },
  {
    alert: "SpansLost",
    when: "there are more traces than it has room for",
    series: { [refused]: "0x30", [early]: "0x4 0+5x26" },
    firesAtMinute: 11,
    notices: [
      {
        labels,
        summary: "The collector has more spans than it can hold, and lets some go",
      },
    ],
  },
  {
    alert: "SpansLost",
    when: "it takes and judges all",
    series: { [refused]: "0x30", [early]: "0x30" },
    quietAtMinutes: [5, 15, 30],
  },
];
