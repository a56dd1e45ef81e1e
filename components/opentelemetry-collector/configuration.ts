import { stringify } from "yaml";
import { thresholds } from "../../catalog/thresholds.ts";
import { personalKeys, personalValues, urlStatements } from "./personal-data.ts";
import { collectorPorts } from "./traffic.ts";

/** What the collector is told. */
export interface CollectorSettings {
  /** Where Jaeger takes spans, as `host:port`. */
  readonly jaeger: string;
  /** Memory that it may use. */
  readonly memoryMib: number;
  /** Share of the traces that are kept of those that neither failed nor were slow. */
  readonly ordinaryPercent: number;
  /**
   * Web pages, by origin, whose browsers may send spans.
   * @default none: no browser is listened to
   */
  readonly browserOrigins?: readonly string[];
  /** Address on which it listens. @example "0.0.0.0" */
  readonly listenOn: string;
  /**
   * How long a trace is waited for before it is judged.
   * @default 10
   */
  readonly decisionSeconds?: number;
}

/** Traces in memory at once: with a hundred new ones a second, those of the time that they are waited for, thrice. */
const tracesInMemory = 3_000;
const newTracesPerSecond = 100;

/** The whole configuration of the collector. What is personal goes before anything is kept, or even sampled. */
export function collectorConfiguration(settings: CollectorSettings): string {
  const { jaeger, memoryMib, browserOrigins = [], listenOn } = settings;
  const browsers = browserOrigins.length > 0;
  const at = (port: number) => `${listenOn}:${port}`;
  return stringify({
    receivers: {
      otlp: { protocols: { http: { endpoint: at(collectorPorts.http) } } },
      ...(browsers && {
        "otlp/browsers": {
          protocols: {
            http: {
              endpoint: at(collectorPorts.browsers),
              max_request_body_size: 524_288,
              cors: { allowed_origins: [...browserOrigins], allowed_headers: ["*"], max_age: 7_200 },
            },
          },
        },
      }),
    },
    processors: {
      memory_limiter: {
        check_interval: "1s",
        limit_mib: Math.floor(memoryMib * 0.8),
        spike_limit_mib: Math.floor(memoryMib * 0.2),
      },
      ...(browsers && {
        // Anybody can send what a browser sends: whoever reads it is to know.
        "attributes/browsers": { actions: [{ key: "telemetry.origin", value: "browser", action: "upsert" }] },
      }),
      "transform/addresses": { error_mode: "ignore", trace_statements: [...urlStatements] },
      redaction: {
        allow_all_keys: true,
        blocked_key_patterns: [...personalKeys],
        blocked_values: [...personalValues],
        summary: "silent",
      },
      tail_sampling: sampling(settings),
      batch: { timeout: "1s", send_batch_size: 512, send_batch_max_size: 1_024 },
    },
    ...(browsers && { connectors: { forward: {} } }),
    exporters: {
      otlp_grpc: {
        endpoint: jaeger,
        // Within the cluster, where the network policies let nobody else come between.
        tls: { insecure: true },
        retry_on_failure: { max_elapsed_time: "300s" },
        sending_queue: { queue_size: 1_000 },
      },
    },
    extensions: { health_check: { endpoint: at(collectorPorts.health) } },
    service: {
      extensions: ["health_check"],
      pipelines: {
        // One sampler for all: a trace that begins in a browser is judged as a whole.
        traces: {
          receivers: ["otlp", ...(browsers ? ["forward"] : [])],
          processors: ["memory_limiter", "transform/addresses", "redaction", "tail_sampling", "batch"],
          exporters: ["otlp_grpc"],
        },
        ...(browsers && {
          "traces/browsers": {
            receivers: ["otlp/browsers"],
            processors: ["memory_limiter", "attributes/browsers"],
            exporters: ["forward"],
          },
        }),
      },
      telemetry: {
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: listenOn, port: collectorPorts.metrics } } } }],
        },
        logs: { level: "info", encoding: "json" },
      },
    },
  });
}

/** Keeps what failed and what was slow, whole, and some of the rest. */
function sampling({ ordinaryPercent, decisionSeconds = 10 }: CollectorSettings) {
  return {
    decision_wait: `${decisionSeconds}s`,
    num_traces: tracesInMemory,
    expected_new_traces_per_sec: newTracesPerSecond,
    // Spans that come later follow what was decided of their trace.
    decision_cache: { sampled_cache_size: 10_000, non_sampled_cache_size: 50_000 },
    policies: [
      { name: "failed", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: thresholds.responseSeconds * 1_000 } },
      { name: "ordinary", type: "probabilistic", probabilistic: { sampling_percentage: ordinaryPercent } },
    ],
  };
}
