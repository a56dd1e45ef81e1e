import { z } from "zod";
import { nameOf, stackType } from "../engine/plan.ts";
import type { StackState, StateResource } from "../repair/state.ts";

/** A thing of an environment, by what DigitalOcean calls it. */
export interface Thing {
  readonly id: string;
  readonly name: string;
}

/** Namespace and name of an object of Kubernetes. */
export interface ClusterObject {
  readonly namespace: string;
  readonly name: string;
}

/** What there is of an environment to be looked at. */
export interface EnvironmentParts {
  /** Public addresses by name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly postgres: readonly Thing[];
  readonly valkey: readonly Thing[];
  /** The Valkey that holds the jobs; cache and sessions may have one of their own. */
  readonly broker: readonly Thing[];
  /** Names of the queues of jobs. */
  readonly queues: readonly string[];
  readonly buckets: readonly { readonly name: string; readonly region: string; readonly use: string }[];
  /** Names of the certificates that DigitalOcean renews. */
  readonly certificates: readonly string[];
  /** Secrets that hold certificates. */
  readonly certificateSecrets: readonly ClusterObject[];
  readonly clusterId: string | undefined;
  readonly prometheus: readonly ClusterObject[];
  readonly uptimeChecks: readonly Thing[];
  /** The job that asks from within the cluster. */
  readonly healthMonitor: ClusterObject | undefined;
}

const outputsSchema = z.looseObject({
  urls: z.looseObject({ site: z.string(), api: z.string() }).optional(),
  valkey: z.looseObject({ host: z.string(), queues: z.array(z.string()).optional() }).optional(),
  buckets: z.record(z.string(), z.string()).optional(),
});

const named = z.looseObject({ name: z.string() });
const regional = z.looseObject({ name: z.string(), region: z.string() });
const database = z.looseObject({ name: z.string(), engine: z.string(), privateHost: z.string() });

/** Finds in the state what there is to be looked at. Nothing secret is read. */
export function partsOf({ resources }: StackState): EnvironmentParts {
  const all = resources ?? [];
  const of = (type: string): StateResource[] => all.filter((resource) => resource.type === type);
  const cloud = (type: string) => of(`digitalocean:index/${type}`);
  const outputs = outputsSchema.parse(of(stackType)[0]?.outputs ?? {});
  const uses = new Map(Object.entries(outputs.buckets ?? {}).map(([use, name]) => [name, use]));
  const databases = cloud("databaseCluster:DatabaseCluster").map((resource) => ({
    id: resource.id ?? "",
    ...database.parse(resource.outputs),
  }));
  const ofEngine = (engine: string) => databases.filter((each) => each.engine === engine);
  return {
    urls:
      outputs.urls === undefined ? {} : { site: `${outputs.urls.site}/`, api: `${outputs.urls.api}/health` },
    postgres: ofEngine("pg"),
    valkey: ofEngine("valkey"),
    broker: ofEngine("valkey").filter(({ privateHost }) => privateHost === outputs.valkey?.host),
    queues: outputs.valkey?.queues ?? [],
    buckets: cloud("spacesBucket:SpacesBucket").map((resource) => {
      const { name, region } = regional.parse(resource.outputs);
      return { name, region, use: uses.get(name) ?? "" };
    }),
    certificates: cloud("certificate:Certificate").map((resource) => named.parse(resource.outputs).name),
    certificateSecrets: of("kubernetes:core/v1:Secret")
      .filter(({ urn }) => nameOf(urn).endsWith("-certificates"))
      .map(clusterObject),
    clusterId: cloud("kubernetesCluster:KubernetesCluster")[0]?.id,
    prometheus: of("kubernetes:core/v1:Service")
      .filter(({ urn }) => /-prometheus-service$/.test(nameOf(urn)))
      .map(clusterObject),
    healthMonitor: of("kubernetes:batch/v1:CronJob")
      .filter(({ urn }) => nameOf(urn).endsWith("-health-monitor-cron-job"))
      .map(clusterObject)[0],
    uptimeChecks: cloud("uptimeCheck:UptimeCheck").map((resource) => ({
      id: resource.id ?? "",
      name: named.parse(resource.outputs).name,
    })),
  };
}

/** Pulumi's id of an object of Kubernetes is namespace and name. */
function clusterObject({ id = "" }: StateResource): ClusterObject {
  const [namespace = "", name = ""] = id.split("/");
  return { namespace, name };
}
