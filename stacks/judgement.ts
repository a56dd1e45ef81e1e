import type * as pulumi from "@pulumi/pulumi";
import { checkAlerting } from "../components/alerting/alerting.ts";
import { type ApplicationArgs, checkPartSizes } from "../components/application/arguments.ts";
import { checkCdn } from "../components/cdn/cdn.ts";
import { checkDnsZone } from "../components/dns-zone/dns-zone.ts";
import { checkEdgeSizing } from "../components/edge/edge.ts";
import { checkElasticsearch } from "../components/elasticsearch/arguments.ts";
import {
  type ArgumentChecks,
  type ArgumentError,
  type Judgements,
  judgeTogether,
  refusalsOf,
} from "../components/errors.ts";
import { checkGpuSizing } from "../components/gpu-pool/arguments.ts";
import { checkImage } from "../components/image/image.ts";
import { checkJaegerSizing } from "../components/jaeger/jaeger.ts";
import {
  checkCluster,
  type KubernetesClusterArgs,
} from "../components/kubernetes-cluster/kubernetes-cluster.ts";
import { checkLoki } from "../components/loki/loki.ts";
import { checkNeo4j } from "../components/neo4j/arguments.ts";
import { checkNetwork } from "../components/network/network.ts";
import { checkCollectorSizing } from "../components/opentelemetry-collector/opentelemetry-collector.ts";
import { checkPostgres } from "../components/postgres/arguments.ts";
import { checkPrometheusSizing } from "../components/prometheus/prometheus.ts";
import { resourcesFor } from "../components/prometheus/sizing.ts";
import { checkRegistry } from "../components/registry/registry.ts";
import { checkParties } from "../components/traffic/faults.ts";
import { checkValkey } from "../components/valkey/valkey.ts";
import { neighboursOf } from "./address-blocks.ts";
import { checkFits, checkMembersApart, checkNodesApart, checkPoolsCarry } from "./capacity.ts";
import type { Deployment } from "./deployment.ts";
import { neo4jNodeSize } from "./neo4j-nodes.ts";
import { type Context, namedIn } from "./parts/context.ts";
import { pinnedParts } from "./parts/images.ts";
import type { Posture } from "./posture.ts";
import { checkNamespaceQuota } from "./quotas.ts";
import { namespacesOf, platformTraffic, trafficChoices } from "./traffic.ts";

/** What of a deployment the components are judged with. */
export type JudgedDeployment = Pick<Deployment, "environment"> & {
  /** An output where nobody knows it: no region is then refused. */
  readonly region: pulumi.Input<string>;
  readonly images?: Partial<Deployment["images"]>;
} & Partial<
    Reach &
      Pick<
        Deployment,
        "domain" | "pinImages" | "alerts" | "neo4jLicence" | "gpuPoolToken" | "gpuSecretsToken"
      >
  >;

/** What the components are judged by, of what they are told. */
type Judged = Pick<Context, "posture" | "named" | "parties"> & { readonly deployment: JudgedDeployment };

/**
 * Judges what an operator decides, and each component's size by the component's own checks, before anything is made:
 * a component that throws while the platform is composed would hide the faults of all that come after it.
 *
 * @throws ArgumentError or ArgumentErrors with every fault of every component at once
 */
export function judgePlatform(judged: Judged): void {
  judgeTogether(judgementsOf(judged));
}

/** What {@link judgePlatform} refuses, of an environment of which not everything is known. */
export function platformRefusals(deployment: JudgedDeployment, posture: Posture): ArgumentError[] {
  const parties = platformTraffic(trafficChoices(deployment, posture));
  return refusalsOf(judgementsOf({ deployment, posture, named: namedIn(deployment.environment), parties }));
}

function judgementsOf({ deployment, posture, named, parties }: Judged): Judgements {
  const { environment, region, neo4jLicence, domain, alerts } = deployment;
  const quotaOf = (namespace: keyof Posture["quotas"]) => (checks: ArgumentChecks) =>
    checkNamespaceQuota(checks, namespace, posture);
  return {
    [named("network")]: (checks) =>
      checkNetwork(checks, { region, ...posture.network, neighbours: neighboursOf(environment) }),
    "the traffic plan": (checks) => checkParties(checks, parties.everybody, Object.keys(namespacesOf(named))),
    [named("cluster")]: (checks) => {
      checkCluster(checks, { region, ...posture.cluster, ...clusterReach(deployment) });
      checkPoolsCarry(checks, posture);
    },
    [named("gpu")]: (checks) => {
      checkGpuSizing(checks, { region, ...posture.gpuPool });
      checkGpuControl(checks, deployment, posture.gpuPool.mode === "elastic");
    },
    [named("postgres")]: (checks) => checkPostgres(checks, { region, ...posture.postgres }),
    [named("valkey")]: (checks) => checkValkey(checks, { region, ...posture.valkey }),
    [named("cache")]: (checks) => {
      if (posture.valkey.cache) checkValkey(checks, { region, ...posture.valkey.cache });
    },
    [named("neo4j")]: (checks) => {
      checkPool(checks, "pool", posture.neo4j.pool, posture.cluster.pools);
      if (posture.neo4j.pool in posture.cluster.pools) {
        checkNeo4j(checks, {
          ...posture.neo4j,
          nodeSize: neo4jNodeSize(posture),
          ...(neo4jLicence !== undefined && { licence: neo4jLicence }),
        });
        checkMembersApart(checks, posture);
      }
    },
    [named("registry")]: (checks) =>
      checkRegistry(checks, { registryName: named("registry"), region, ...posture.registry }),
    [named(posture.logs.store === "loki" ? "loki" : "elasticsearch")]: (checks) => {
      const { logs, cluster } = posture;
      if (logs.store === "loki") checkLoki(checks, logs);
      else {
        checkElasticsearch(checks, logs);
        checkNodesApart(checks, logs.members, cluster);
      }
      checkFits(checks, "resources", logs, cluster);
    },
    [named("app")]: (checks) => {
      checkPartSizes(checks, posture.application);
      checkPools(checks, posture.application, posture.cluster.pools);
      for (const [part, size] of Object.entries(posture.application)) {
        checkFits(checks, `${part}.resources`, size, posture.cluster);
      }
    },
    [named("proxy")]: (checks) => checkEdgeSizing(checks, posture.edge),
    [named("prometheus")]: (checks) => {
      checkPrometheusSizing(checks, posture.monitoring);
      const resources = resourcesFor(posture.monitoring.series);
      checkFits(checks, "resources", { resources }, posture.cluster);
    },
    [named("traces")]: (checks) => {
      checkCollectorSizing(checks, posture.traces.collector);
      checkFits(checks, "resources", posture.traces.collector, posture.cluster);
    },
    [named("jaeger")]: (checks) => {
      checkJaegerSizing(checks, posture.traces.jaeger);
      checkFits(checks, "resources", posture.traces.jaeger, posture.cluster);
    },
    [named("application")]: quotaOf("application"),
    [named("edge")]: quotaOf("edge"),
    [named("monitoring")]: quotaOf("monitoring"),
    [named("stores")]: quotaOf("stores"),
    [named("logs")]: quotaOf("logs"),
    [named("dns")]: (checks) => checkDnsZone(checks, domain === undefined ? {} : { domain }),
    [named("cdn")]: (checks) => checkCdn(checks, posture.cdn),
    [named("alerts")]: (checks) => {
      if (alerts !== undefined) checkAlerting(checks, alerts);
    },
    ...judgementsOfImages(deployment, named),
  };
}

/** Of the images that are pinned; those that are not are no component. */
function judgementsOfImages(
  { environment, images, pinImages = false }: JudgedDeployment,
  named: Judged["named"],
): Judgements {
  const references = pinImages ? pinnedParts.map((part) => [part, images?.[part]] as const) : [];
  return Object.fromEntries(
    references.flatMap(([part, reference]) =>
      reference === undefined
        ? []
        : [
            [
              named(`${part}-image`),
              (checks: ArgumentChecks) => checkImage(checks, { reference, pin: environment }),
            ],
          ],
    ),
  );
}

type Reach = Pick<Deployment, "adminCidrs" | "controlPlaneFirewall">;

/** Who reaches the cluster's API: operators, and whoever deploys. */
export function clusterReach({
  adminCidrs = [],
  controlPlaneFirewall,
}: Partial<Reach>): Pick<KubernetesClusterArgs, "controlPlaneFirewall"> {
  if (controlPlaneFirewall === undefined) return {};
  const { enabled, deployerCidrs } = controlPlaneFirewall;
  return { controlPlaneFirewall: { enabled, allowedRanges: [...adminCidrs, ...deployerCidrs] } };
}

/** An elastic pool that nobody steers would stay at its floor, and droplets that nobody supplies would do nothing. */
function checkGpuControl(
  checks: ArgumentChecks,
  { images, gpuPoolToken, gpuSecretsToken }: JudgedDeployment,
  elastic: boolean,
): void {
  const remedy = (token: string) =>
    `Make a token with the scopes that docs/gpu-pool.md names, and set it as the secret ${token}.`;
  if (images?.gpuPoolController === undefined && (elastic || gpuSecretsToken !== undefined)) {
    const why = elastic ? "the pool is elastic" : "its secrets are to be delivered";
    const build = "Build images/gpu-pool-controller, push it, and name it as images.gpuPoolController.";
    checks.add("controller.image", `is missing, and ${why}`, build);
  }
  if (elastic && gpuPoolToken === undefined) {
    checks.add("controller.token", "is missing, and the pool is elastic", remedy("gpuPoolToken"));
  }
  if (elastic && gpuSecretsToken === undefined) {
    const problem = "is missing, and nobody would bring an elastic pool's new droplets their secrets";
    checks.add("delivery.token", problem, remedy("gpuSecretsToken"));
  }
}

/** {@link checkPool} for every part of the application. */
function checkPools(
  checks: ArgumentChecks,
  sizes: ApplicationArgs["sizes"],
  pools: Posture["cluster"]["pools"],
): void {
  for (const [part, { pool }] of Object.entries(sizes)) checkPool(checks, `${part}.pool`, pool, pools);
}

/** Pods that ask for a pool that is not there would wait for ever. */
function checkPool(
  checks: ArgumentChecks,
  path: string,
  pool: string | undefined,
  pools: Posture["cluster"]["pools"],
): void {
  const names = Object.keys(pools);
  checks.oneOf(path, pool, names, `Use one of the cluster's pools: ${names.join(", ")}.`);
}
