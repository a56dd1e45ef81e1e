import { nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { declarePods, kubernetesApi } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";

/** Where each exporter answers. */
export const exporterPorts = {
  postgres: 9187,
  valkey: 9121,
  blackbox: 9115,
  kubeState: 8080,
  elasticsearch: 9114,
  node: 9100,
} as const;

/** Whom the exporters of databases ask. */
export interface ExportedStores {
  readonly postgres: Endpoint;
  readonly valkey: Endpoint;
  /** Those whose certificates the stack makes. */
  readonly certified: readonly Endpoint[];
}

const metrics = (port: number) => ({ metrics: { port, metrics: true } });

/** The exporters: each calls what it tells of, and Prometheus calls each. Their names are their scrape jobs. */
export function exportersTraffic({ postgres, valkey, certified }: ExportedStores) {
  return {
    postgres: declarePods("postgres-exporter", "monitoring", {
      listens: metrics(exporterPorts.postgres),
      calls: [{ to: postgres, purpose: "sessions, transactions and sizes" }],
    }),
    valkey: declarePods("valkey-exporter", "monitoring", {
      listens: metrics(exporterPorts.valkey),
      calls: [{ to: valkey, purpose: "queues, memory and hits" }],
    }),
    blackbox: declarePods("blackbox-exporter", "monitoring", {
      listens: metrics(exporterPorts.blackbox),
      calls: [
        { to: internet.at.https, purpose: "probes of the public names" },
        ...certified.map((to) => ({ to, purpose: "when its certificate ends" })),
      ],
    }),
    kubeState: declarePods("kube-state-metrics", "monitoring", {
      listens: metrics(exporterPorts.kubeState),
      calls: Object.values(kubernetesApi.at).map((to) => ({ to, purpose: "workloads, pods and nodes" })),
    }),
    node: declarePods("node-exporter", nodeAgentsNamespace, { listens: metrics(exporterPorts.node) }),
  };
}

/** The exporter of Elasticsearch, where logs are kept in it. */
export const elasticsearchExporterTraffic = (elasticsearch: Endpoint) =>
  declarePods("elasticsearch-exporter", "monitoring", {
    listens: metrics(exporterPorts.elasticsearch),
    calls: [{ to: elasticsearch, purpose: "its health, disks and snapshots" }],
  });
