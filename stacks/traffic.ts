import { nodeAgentsNamespace } from "../catalog/node-agents.ts";
import { applicationTraffic } from "../components/application/traffic.ts";
import { edgeTraffic } from "../components/edge/traffic.ts";
import { falcoTraffic } from "../components/falco/traffic.ts";
import { gpuPoolControllerTraffic, gpuWorkerTraffic } from "../components/gpu-pool/traffic.ts";
import { clusterNames, kubernetesApi } from "../components/kubernetes-cluster/traffic.ts";
import { neo4jTraffic } from "../components/neo4j/traffic.ts";
import { postgresTraffic } from "../components/postgres/traffic.ts";
import { prometheusTraffic } from "../components/prometheus/traffic.ts";
import { internet, operators } from "../components/traffic/outside.ts";
import { metricsOf } from "../components/traffic/plan.ts";
import { valkeyTraffic } from "../components/valkey/traffic.ts";

/**
 * Everybody on the platform's network, joined by the ports they call. What a component listens on and calls stands in
 * its own folder; here stands only who is whose database, backend or target. Who is not among
 * `everybody` has no rules, and nobody may call him.
 *
 * @param elasticGpuPool Whether a controller steers the pool of GPU workers. Default: false.
 */
export function platformTraffic({ elasticGpuPool = false }: { readonly elasticGpuPool?: boolean } = {}) {
  const application = applicationTraffic({
    database: postgresTraffic.at.pooled,
    migrationDatabase: postgresTraffic.at.direct,
    cache: valkeyTraffic.at.queue,
    graph: neo4jTraffic.at.bolt,
  });
  const edge = edgeTraffic({
    web: application.web.at.http,
    api: application.api.at.http,
    candidate: application.candidate.at.http,
  });
  const gpuWorker = gpuWorkerTraffic({
    database: postgresTraffic.at.pooled,
    queue: valkeyTraffic.at.queue,
  });
  const gpuController = gpuPoolControllerTraffic({ queue: valkeyTraffic.at.queue });
  const watched = [
    edge.edge,
    ...Object.values(application),
    neo4jTraffic,
    gpuWorker,
    falcoTraffic,
    ...(elasticGpuPool ? [gpuController] : []),
  ];
  const prometheus = prometheusTraffic(metricsOf(watched));
  return {
    application,
    edge: edge.edge,
    gpuWorker,
    neo4j: neo4jTraffic,
    gpuController,
    falco: falcoTraffic,
    prometheus,
    postgres: postgresTraffic,
    valkey: valkeyTraffic,
    /** All of them, in the order of the table. */
    everybody: [
      internet,
      operators,
      edge.loadBalancer,
      ...watched,
      prometheus,
      postgresTraffic,
      valkeyTraffic,
      clusterNames,
      kubernetesApi,
    ],
  };
}

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
    "gpu-control": named("gpu-control"),
    [nodeAgentsNamespace]: named(nodeAgentsNamespace),
    "kube-system": "kube-system",
  };
}
