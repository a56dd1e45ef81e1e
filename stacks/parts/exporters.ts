import { blackboxExporter } from "../../components/exporters/blackbox.ts";
import { Exporter, type ExporterProgram } from "../../components/exporters/exporter.ts";
import { kubeStateExporter } from "../../components/exporters/kube-state.ts";
import { NodeExporter } from "../../components/exporters/node-exporter.ts";
import { postgresExporter } from "../../components/exporters/postgres.ts";
import { valkeyExporter } from "../../components/exporters/valkey.ts";
import type { Party } from "../../components/traffic/declaration.ts";
import type { Context } from "./context.ts";
import { type Ground, jobQueues } from "./ground.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Stores } from "./stores.ts";

/** Sets those who tell Prometheus of what has no metrics of its own. */
export function composeExporters(
  { ownership, named, parties }: Context,
  { cluster, trafficOf }: Ground,
  { postgres, valkey, cacheCluster }: Stores,
  namespaces: Namespaces,
): { readonly blackbox: Exporter } {
  const onCluster = { provider: cluster.provider };
  const { exporters } = parties;
  const exporter = (name: string, party: Party, program: ExporterProgram) =>
    new Exporter(
      named(name),
      { ownership, namespace: namespaces.monitoring, program, traffic: trafficOf(party) },
      onCluster,
    );
  exporter("postgres-exporter", exporters.postgres, postgresExporter(named("postgres"), postgres.monitoring));
  exporter(
    "valkey-exporter",
    exporters.valkey,
    valkeyExporter(named("valkey"), valkey.connection, jobQueues),
  );
  if (cacheCluster) {
    exporter("cache-exporter", exporters.valkey, valkeyExporter(named("cache"), cacheCluster.connection, []));
  }
  exporter("kube-state-metrics", exporters.kubeState, kubeStateExporter(named("cluster")));
  new NodeExporter(
    named("node-exporter"),
    { ownership, namespace: namespaces.nodeAgents, traffic: trafficOf(exporters.node) },
    onCluster,
  );
  return { blackbox: exporter("blackbox", exporters.blackbox, blackboxExporter()) };
}
