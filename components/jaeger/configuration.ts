import { stringify } from "yaml";
import { jaegerPorts } from "./traffic.ts";

/** What Jaeger is told. */
export interface JaegerSettings {
  /** After how long spans go. */
  readonly retentionHours: number;
  /** Folder of the volume. */
  readonly dataFolder: string;
  /** Address on which it listens. @example "0.0.0.0" */
  readonly listenOn: string;
}

const storage = "spans";

/**
 * The whole configuration of Jaeger 2: an OpenTelemetry collector that ends in Badger, a store of files. Without
 * `ephemeral: false` it would keep them in a temporary folder, and forget all with a restart.
 */
export function jaegerConfiguration({ retentionHours, dataFolder, listenOn }: JaegerSettings): string {
  const at = (port: number) => `${listenOn}:${port}`;
  return stringify({
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] },
      },
      telemetry: {
        resource: { "service.name": "jaeger" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: listenOn, port: jaegerPorts.metrics } } } }],
        },
        logs: { level: "info", encoding: "json" },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: at(jaegerPorts.health) } },
      jaeger_query: {
        storage: { traces: storage },
        http: { endpoint: at(jaegerPorts.query) },
        // Its pages and Grafana ask by HTTP.
        grpc: { endpoint: "127.0.0.1:16685" },
      },
      jaeger_storage: {
        backends: {
          [storage]: {
            badger: {
              directories: { keys: `${dataFolder}/keys`, values: `${dataFolder}/values` },
              ephemeral: false,
              ttl: { spans: `${retentionHours}h` },
              maintenance_interval: "5m",
            },
          },
        },
      },
    },
    receivers: { otlp: { protocols: { grpc: { endpoint: at(jaegerPorts.spans) } } } },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: storage } },
  });
}
