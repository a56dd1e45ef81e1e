import { nodeAgentsNamespace } from "../catalog/node-agents.ts";
import { type AlertmanagerCalls, alertmanagerTraffic } from "../components/alertmanager/traffic.ts";
import { applicationTraffic } from "../components/application/traffic.ts";
import { edgeTraffic } from "../components/edge/traffic.ts";
import { elasticsearchTraffic, setUpTraffic } from "../components/elasticsearch/traffic.ts";
import { elasticsearchExporterTraffic, exportersTraffic } from "../components/exporters/traffic.ts";
import { falcoTraffic } from "../components/falco/traffic.ts";
import {
  gpuPoolControllerTraffic,
  gpuRolloutTraffic,
  gpuSecretsDeliveryTraffic,
  gpuWorkerTraffic,
} from "../components/gpu-pool/traffic.ts";
import { grafanaTraffic } from "../components/grafana/traffic.ts";
import { healthMonitorTraffic } from "../components/health-monitor/traffic.ts";
import { jaegerTraffic } from "../components/jaeger/traffic.ts";
import { kibanaTraffic } from "../components/kibana/traffic.ts";
import { clusterNames, kubelets, kubernetesApi } from "../components/kubernetes-cluster/traffic.ts";
import { logShippingTraffic } from "../components/log-shipping/traffic.ts";
import { lokiTraffic } from "../components/loki/traffic.ts";
import { neo4jTraffic } from "../components/neo4j/traffic.ts";
import { collectorTraffic } from "../components/opentelemetry-collector/traffic.ts";
import { postgresTraffic } from "../components/postgres/traffic.ts";
import {
  prometheusEndpoint,
  prometheusHistoryTraffic,
  prometheusTraffic,
} from "../components/prometheus/traffic.ts";
import { internet, operators } from "../components/traffic/outside.ts";
import { metricsOf } from "../components/traffic/plan.ts";
import { valkeyTraffic } from "../components/valkey/traffic.ts";
import type { Deployment } from "./deployment.ts";
import type { Posture } from "./posture.ts";

/** What decides who is on the network at all. */
export interface TrafficChoices {
  /** Whether a controller steers the pool of GPU workers. Default: false. */
  readonly elasticGpuPool?: boolean;
  /** Whether the GPU workers' secrets are delivered from the cluster. Default: false. */
  readonly gpuSecretsDelivered?: boolean;
  /** Whether GPU workers send what they log to a server of the operator's. Default: false. */
  readonly gpuWorkersSendLogs?: boolean;
  /** Whom Alertmanager calls. Default: nobody. */
  readonly alertmanagerCalls?: AlertmanagerCalls;
  /** Whether an OpenID provider says who may look at the dashboards. Default: false. */
  readonly operatorsSignIn?: boolean;
  /** Whether browsers send spans. Default: false. */
  readonly browsersTrace?: boolean;
  /** Where logs are kept. Default: in Loki. */
  readonly logStore?: Posture["logs"]["store"];
}

/**
 * Everybody on the platform's network, joined by the ports they call. What a component listens on and calls stands in
 * its own folder; here stands only who is whose database, backend or target. Who is not among
 * `everybody` has no rules, and nobody may call him.
 */
export function platformTraffic({
  elasticGpuPool = false,
  gpuSecretsDelivered = false,
  gpuWorkersSendLogs = false,
  alertmanagerCalls = { byHttps: false },
  operatorsSignIn = false,
  browsersTrace = false,
  logStore = "loki",
}: TrafficChoices = {}) {
  const collector = collectorTraffic(jaegerTraffic.at.spans);
  const application = applicationTraffic({
    database: postgresTraffic.at.pooled,
    migrationDatabase: postgresTraffic.at.direct,
    cache: valkeyTraffic.at.queue,
    graph: neo4jTraffic.at.bolt,
    traces: collector.at.http,
  });
  const alertmanager = alertmanagerTraffic(alertmanagerCalls);
  const kibana = kibanaTraffic(elasticsearchTraffic.at.http);
  const logSetUp = setUpTraffic(kibana.at.http);
  const inLoki = logStore === "loki";
  const logShipping = logShippingTraffic({
    store: inLoki ? lokiTraffic.at.http : elasticsearchTraffic.at.http,
  });
  const grafana = grafanaTraffic({
    sources: [
      { to: prometheusEndpoint, purpose: "figures" },
      { to: prometheusHistoryTraffic.at.http, purpose: "what the rules recorded" },
      { to: alertmanager.at.http, purpose: "alerts and silences" },
      { to: jaegerTraffic.at.query, purpose: "traces" },
      ...(inLoki ? [{ to: lokiTraffic.at.http, purpose: "logs" }] : []),
    ],
    signIn: operatorsSignIn,
  });
  const edge = edgeTraffic({
    web: application.web.at.http,
    api: application.api.at.http,
    candidate: application.candidate.at.http,
    consoles: [
      { to: grafana.at.http, purpose: "dashboards, for operators" },
      ...(inLoki ? [] : [{ to: kibana.at.http, purpose: "logs, for operators" }]),
    ],
    ...(browsersTrace && { browserSpans: collector.at.browsers }),
  });
  const gpuWorker = gpuWorkerTraffic({
    database: postgresTraffic.at.pooled,
    queue: valkeyTraffic.at.queue,
    sendsLogs: gpuWorkersSendLogs,
  });
  const gpuController = gpuPoolControllerTraffic({ queue: valkeyTraffic.at.queue });
  const gpuSecretsDelivery = gpuSecretsDeliveryTraffic({ ssh: gpuWorker.at.ssh });
  const gpuRollout = gpuRolloutTraffic(gpuWorker.at);
  const exporters = exportersTraffic({
    postgres: postgresTraffic.at.direct,
    valkey: valkeyTraffic.at.queue,
    certified: [neo4jTraffic.at.bolt, ...(inLoki ? [] : [elasticsearchTraffic.at.http])],
  });
  const elasticsearchExporter = elasticsearchExporterTraffic(elasticsearchTraffic.at.http);
  const healthMonitor = healthMonitorTraffic({
    postgres: postgresTraffic.at.direct,
    valkey: valkeyTraffic.at.queue,
    prometheus: prometheusEndpoint,
  });
  const watched = [
    edge.edge,
    ...Object.values(application),
    neo4jTraffic,
    gpuWorker,
    falcoTraffic,
    logShipping,
    ...(inLoki ? [lokiTraffic] : [elasticsearchTraffic, kibana, logSetUp, elasticsearchExporter]),
    alertmanager,
    grafana,
    ...Object.values(exporters),
    collector,
    jaegerTraffic,
    prometheusHistoryTraffic,
    ...(elasticGpuPool ? [gpuController] : []),
    ...(gpuSecretsDelivered ? [gpuSecretsDelivery, gpuRollout] : []),
  ];
  const stores = [postgresTraffic, valkeyTraffic];
  const prometheus = prometheusTraffic(metricsOf([...watched, ...stores]), alertmanager.at.http);
  return {
    application,
    edge: edge.edge,
    gpuWorker,
    neo4j: neo4jTraffic,
    gpuController,
    gpuSecretsDelivery,
    gpuRollout,
    falco: falcoTraffic,
    logShipping,
    loki: lokiTraffic,
    elasticsearch: elasticsearchTraffic,
    kibana,
    logSetUp,
    alertmanager,
    grafana,
    exporters,
    elasticsearchExporter,
    healthMonitor,
    collector,
    jaeger: jaegerTraffic,
    prometheus,
    prometheusHistory: prometheusHistoryTraffic,
    postgres: postgresTraffic,
    valkey: valkeyTraffic,
    /** All of them, in the order of the table. */
    everybody: [
      internet,
      operators,
      edge.loadBalancer,
      ...watched,
      healthMonitor,
      prometheus,
      ...stores,
      kubelets,
      clusterNames,
      kubernetesApi,
    ],
  };
}

/** Who is on the network, by what the operator and the posture say. */
export const trafficChoices = (
  {
    gpuSecretsToken,
    gpuLogTarget,
    alerts,
    grafanaSignIn,
    browsers,
  }: Partial<Pick<Deployment, "gpuSecretsToken" | "gpuLogTarget" | "alerts" | "grafanaSignIn" | "browsers">>,
  { gpuPool, logs }: Pick<Posture, "gpuPool" | "logs">,
): TrafficChoices => ({
  elasticGpuPool: gpuPool.mode === "elastic",
  gpuSecretsDelivered: gpuSecretsToken !== undefined,
  gpuWorkersSendLogs: gpuLogTarget !== undefined,
  alertmanagerCalls: {
    byHttps: [alerts?.slackChannel, alerts?.pagerDuty, alerts?.heartbeatUrl].some((way) => way !== undefined),
    mailPort: alerts?.smtp?.port,
  },
  operatorsSignIn: grafanaSignIn !== undefined,
  browsersTrace: browsers?.traces ?? false,
  logStore: logs.store,
});

/**
 * Full names of the namespaces, by the short ones of the declarations.
 *
 * @param named How a thing is called in this environment.
 */
export function namespacesOf(named: (thing: string) => string): Readonly<Record<string, string>> {
  return {
    application: named("application"),
    edge: named("edge"),
    monitoring: named("monitoring"),
    stores: named("stores"),
    logs: named("logs"),
    "gpu-control": named("gpu-control"),
    "gpu-secrets": named("gpu-secrets"),
    [nodeAgentsNamespace]: named(nodeAgentsNamespace),
    "kube-system": "kube-system",
  };
}
