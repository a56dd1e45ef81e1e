import { Elasticsearch } from "../../components/elasticsearch/elasticsearch.ts";
import { streamPattern } from "../../components/elasticsearch/set-up-requests.ts";
import { elasticsearchExporter } from "../../components/exporters/elasticsearch.ts";
import { Exporter } from "../../components/exporters/exporter.ts";
import type { DataSource } from "../../components/grafana/data-sources.ts";
import { lokiSource } from "../../components/grafana/data-sources.ts";
import type { LogStore } from "../../components/joints.ts";
import { Kibana, kibanaBackend, kibanaPath } from "../../components/kibana/kibana.ts";
import { savedViews } from "../../components/kibana/views.ts";
import { LogShipping } from "../../components/log-shipping/log-shipping.ts";
import { Loki } from "../../components/loki/loki.ts";
import type { LogsPosture } from "../posture.ts";
import type { Buckets } from "./buckets.ts";
import type { Context } from "./context.ts";
import type { Ground } from "./ground.ts";
import type { Namespaces } from "./namespaces.ts";

/** Where logs are, for whoever shows them. */
export interface Logs {
  /** What Grafana reads of them: Elasticsearch is Kibana's to show. */
  readonly sources: readonly DataSource[];
  /** Servers of which the stack makes the certificates, as `host:port`. */
  readonly certified: readonly string[];
}

/** A store of logs, and what shows them. */
interface Kept extends Logs {
  readonly store: LogStore;
}

/** Keeps logs as the posture says, and has them sent from every node. */
export function composeLogs(
  context: Context,
  ground: Ground,
  buckets: Buckets,
  namespaces: Namespaces,
): Logs {
  const { posture, ownership, named, parties } = context;
  const { logs } = posture;
  const { store, ...others } =
    logs.store === "loki"
      ? keepInLoki(logs, context, ground, buckets, namespaces)
      : keepInElasticsearch(logs, context, ground, buckets, namespaces);
  new LogShipping(
    named("log-shipping"),
    {
      ownership,
      namespace: namespaces.nodeAgents,
      store,
      namePrefix: named(""),
      traffic: ground.trafficOf(parties.logShipping),
    },
    { provider: ground.cluster.provider },
  );
  return others;
}

function keepInLoki(
  { store: _, ...sizing }: Extract<LogsPosture, { store: "loki" }>,
  { ownership, protect, named, parties }: Context,
  { cluster, trafficOf }: Ground,
  buckets: Buckets,
  { logs: namespace }: Namespaces,
): Kept {
  const { store, address } = new Loki(
    named("loki"),
    {
      ownership,
      namespace,
      bucket: buckets.logs.grants.store,
      ...sizing,
      protect,
      traffic: trafficOf(parties.loki),
    },
    { provider: cluster.provider },
  );
  return { store, sources: [lokiSource(address)], certified: [] };
}

function keepInElasticsearch(
  { store: _, ...sizing }: Extract<LogsPosture, { store: "elk" }>,
  { ownership, protect, named, parties, operatorsDomain }: Context,
  { cluster, trafficOf }: Ground,
  buckets: Buckets,
  { logs: namespace, monitoring }: Namespaces,
): Kept {
  const onCluster = { provider: cluster.provider };
  const { host, port } = kibanaBackend(named("kibana"), namespace);
  const elasticsearch = new Elasticsearch(
    named("elasticsearch"),
    {
      ownership,
      namespace,
      bucket: buckets.logs.grants.store,
      ...sizing,
      kibana: { url: `http://${host}:${port}${kibanaPath}`, views: savedViews(streamPattern) },
      protect,
      traffic: trafficOf(parties.elasticsearch),
      setUpTraffic: trafficOf(parties.logSetUp),
    },
    onCluster,
  );
  new Kibana(
    named("kibana"),
    {
      ownership,
      namespace,
      url: `https://${operatorsDomain}${kibanaPath}`,
      elasticsearch: elasticsearch.addresses,
      password: elasticsearch.kibanaPassword,
      authority: elasticsearch.authority,
      traffic: trafficOf(parties.kibana),
    },
    onCluster,
  );
  new Exporter(
    named("elasticsearch-exporter"),
    {
      ownership,
      namespace: monitoring,
      program: elasticsearchExporter(named("elasticsearch"), elasticsearch.monitoring),
      traffic: trafficOf(parties.elasticsearchExporter),
    },
    onCluster,
  );
  const certified = elasticsearch.addresses.map((address) => new URL(address).host);
  return { store: elasticsearch.store, sources: [], certified };
}
