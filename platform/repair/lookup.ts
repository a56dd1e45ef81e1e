import { z } from "zod";
import type { StateResource } from "./state.ts";

/** One thing in an answer of the API, or a resource's inputs. */
type Properties = Readonly<Record<string, unknown>>;

/** Where the things of a type are listed, and how one of them is told from the others. */
interface Listing {
  /** Path below the API's origin, from the inputs of the resource that is looked for. */
  readonly path: (inputs: Properties) => string;
  /** Member of the answer that holds the list. */
  readonly list: string;
  /** Whether this is the one. By default: its `name` is the input `name`. */
  readonly matches?: (item: Properties, inputs: Properties) => boolean;
  /** The id under which Pulumi's provider knows it. By default the item's `id`. */
  readonly id?: (item: Properties, inputs: Properties) => unknown;
  /**
   * What to do with one that is found. `discard` deletes it, for what cannot be read a second time: it is made again.
   * @default "adopt"
   */
  readonly found?: "adopt" | "discard";
}

const byName = (path: string, list: string): Listing => ({ path: () => path, list });

const namedById = (path: string, list: string): Listing => ({
  ...byName(path, list),
  id: (item) => item.name,
});

const ofDatabase = (
  child: string,
  list: string,
  id: (cluster: unknown, name: unknown) => string,
): Listing => ({
  path: ({ clusterId }) => `/v2/databases/${clusterId}/${child}`,
  list,
  id: (item, { clusterId }) => id(clusterId, item.name),
});

const logsink: Listing = {
  path: ({ clusterId }) => `/v2/databases/${clusterId}/logsink`,
  list: "sinks",
  matches: (item, inputs) => item.sink_name === inputs.name,
  id: (item, { clusterId }) => `${clusterId},${item.sink_id}`,
};

/**
 * How to find, by type, what a killed create may have made. Cloud names are deterministic and unique in an environment.
 * Types that are not here leave nothing of their own in the account (settings of another thing, links between two), or
 * can be applied again without harm (Kubernetes objects, by server-side apply).
 */
const listings: Readonly<Record<string, Listing>> = {
  "digitalocean:index/cdn:Cdn": {
    path: () => "/v2/cdn/endpoints",
    list: "endpoints",
    matches: (item, inputs) => item.origin === inputs.origin,
  },
  "digitalocean:index/certificate:Certificate": namedById("/v2/certificates", "certificates"),
  "digitalocean:index/containerRegistries:ContainerRegistries": namedById("/v2/registries", "registries"),
  "digitalocean:index/databaseCluster:DatabaseCluster": byName("/v2/databases", "databases"),
  "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": ofDatabase(
    "pools",
    "pools",
    (cluster, name) => `${cluster}/${name}`,
  ),
  "digitalocean:index/databaseDb:DatabaseDb": ofDatabase(
    "dbs",
    "dbs",
    (cluster, name) => `${cluster}/database/${name}`,
  ),
  "digitalocean:index/databaseLogsinkOpensearch:DatabaseLogsinkOpensearch": logsink,
  "digitalocean:index/databaseLogsinkRsyslog:DatabaseLogsinkRsyslog": logsink,
  "digitalocean:index/databaseReplica:DatabaseReplica": ofDatabase(
    "replicas",
    "replicas",
    (cluster, name) => `${cluster}/replicas/${name}`,
  ),
  "digitalocean:index/databaseUser:DatabaseUser": ofDatabase(
    "users",
    "users",
    (cluster, name) => `${cluster}/user/${name}`,
  ),
  "digitalocean:index/dnsRecord:DnsRecord": {
    path: ({ domain }) => `/v2/domains/${domain}/records`,
    list: "domain_records",
    matches: (item, inputs) =>
      item.type === inputs.type &&
      item.name === inputs.name &&
      // CAA records of one authority differ by their tag alone.
      (item.tag ?? "") === (inputs.tag ?? "") &&
      sameRecordData(item.data, inputs.value),
  },
  "digitalocean:index/domain:Domain": namedById("/v2/domains", "domains"),
  "digitalocean:index/droplet:Droplet": byName("/v2/droplets", "droplets"),
  "digitalocean:index/dropletAutoscale:DropletAutoscale": byName("/v2/droplets/autoscale", "autoscale_pools"),
  "digitalocean:index/firewall:Firewall": byName("/v2/firewalls", "firewalls"),
  "digitalocean:index/kubernetesCluster:KubernetesCluster": byName(
    "/v2/kubernetes/clusters",
    "kubernetes_clusters",
  ),
  "digitalocean:index/kubernetesNodePool:KubernetesNodePool": {
    path: ({ clusterId }) => `/v2/kubernetes/clusters/${clusterId}/node_pools`,
    list: "node_pools",
  },
  "digitalocean:index/loadBalancer:LoadBalancer": byName("/v2/load_balancers", "load_balancers"),
  "digitalocean:index/monitorAlert:MonitorAlert": {
    path: () => "/v2/monitoring/alerts",
    list: "policies",
    matches: (item, inputs) => item.description === inputs.description && item.type === inputs.type,
    id: (item) => item.uuid,
  },
  "digitalocean:index/project:Project": byName("/v2/projects", "projects"),
  "digitalocean:index/reservedIp:ReservedIp": {
    // An address has no name: only one that was made for a droplet can be told from others.
    path: () => "/v2/reserved_ips",
    list: "reserved_ips",
    matches: ({ droplet }, { dropletId }) => dropletId !== undefined && idOf(droplet) === dropletId,
    id: (item) => item.ip,
  },
  "digitalocean:index/spacesKey:SpacesKey": {
    // Its secret is told once, when it is made.
    ...byName("/v2/spaces/keys", "keys"),
    id: (item) => item.access_key,
    found: "discard",
  },
  "digitalocean:index/sshKey:SshKey": byName("/v2/account/keys", "ssh_keys"),
  "digitalocean:index/tag:Tag": namedById("/v2/tags", "tags"),
  "digitalocean:index/uptimeAlert:UptimeAlert": {
    path: ({ checkId }) => `/v2/uptime/checks/${checkId}/alerts`,
    list: "alerts",
  },
  "digitalocean:index/uptimeCheck:UptimeCheck": byName("/v2/uptime/checks", "checks"),
  "digitalocean:index/volume:Volume": byName("/v2/volumes", "volumes"),
  "digitalocean:index/vpc:Vpc": byName("/v2/vpcs", "vpcs"),
  "digitalocean:index/vpcNatGateway:VpcNatGateway": byName("/v2/vpc_nat_gateways", "vpc_nat_gateways"),
};

/** Buckets are not in the API's lists: they are asked for by name, of Spaces. */
const bucketType = "digitalocean:index/spacesBucket:SpacesBucket";

/** Whether a create of this resource may have left something in the account that can be looked for. */
export const standsInCloud = ({ type }: Pick<StateResource, "type">): boolean =>
  type in listings || type === bucketType;

/** A client of DigitalOcean's API, or of its emulator. */
export interface CloudApi {
  /** All items of a list, of all its pages; none when the path names something that does not exist. */
  list(path: string, member: string): Promise<Record<string, unknown>[]>;
  delete(path: string): Promise<void>;
  /** Whether the account's key opens a bucket of this name. */
  hasBucket(region: string, name: string): Promise<boolean>;
}

/**
 * Looks for what a killed create may have made.
 *
 * @returns Its id, as the provider knows it; nothing when the cloud has no such thing, or has it no longer.
 */
export async function findCreated(api: CloudApi, resource: StateResource): Promise<string | undefined> {
  const inputs = resource.inputs ?? {};
  if (resource.type === bucketType) {
    const name = String(inputs.name);
    return (await api.hasBucket(String(inputs.region), name)) ? name : undefined;
  }
  const listing = listings[resource.type];
  if (listing === undefined) return undefined;
  const path = listing.path(inputs);
  const matches = listing.matches ?? ((item: Properties) => item.name === inputs.name);
  const item = (await api.list(path, listing.list)).find(
    (candidate) => matches(candidate, inputs) && isYounger(candidate, resource.created),
  );
  if (item === undefined) return undefined;
  const id = z.coerce.string().parse(listing.id?.(item, inputs) ?? item.id);
  if (listing.found !== "discard") return id;
  await api.delete(`${path}/${id}`);
  return undefined;
}

/** Clocks differ by a few seconds. */
const clockSkewMs = 60_000;

/**
 * Whether a thing may have been made by a create that began then: what is older is somebody else's, however it is called.
 * What does not say when it was made may have been.
 */
function isYounger({ created_at: madeAt }: Properties, begunAt: string | undefined): boolean {
  const since = Date.parse(begunAt ?? "") - clockSkewMs;
  const made = Date.parse(String(madeAt));
  return Number.isNaN(since) || Number.isNaN(made) || made >= since;
}

/** The API gives names in a record's data without the dot at the end that they may be written with. */
const sameRecordData = (data: unknown, value: unknown): boolean =>
  String(data).replace(/\.$/, "") === String(value).replace(/\.$/, "");

const idOf = (thing: unknown): unknown =>
  typeof thing === "object" && thing !== null && "id" in thing ? thing.id : undefined;
