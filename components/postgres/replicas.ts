/** The copies of a PostgreSQL that answer reads. */
import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { type DatabaseSize, databaseSizes } from "../../catalog/sizes.ts";
import { createFirewall } from "../database/cluster.ts";
import type { ArgumentChecks } from "../errors.ts";
import { tagsOf } from "../ownership.ts";
import { checkRegion } from "../region.ts";
import type { PostgresArgs, PostgresSizing } from "./arguments.ts";
import { replicaDiskOf } from "./disk.ts";

/** A copy on a server of its own that follows the primary, and may lag behind. */
export interface ReadReplica {
  /**
   * Size of its server, no smaller than the cluster's; it can grow in place, and never shrink.
   * @default the cluster's
   * @example "db-s-4vcpu-8gb"
   */
  readonly size?: pulumi.Input<string>;

  /**
   * Region it is in, with {@link vpcId}. It trusts whom the primary trusts; the platform's own pods reach databases of their
   * own network alone.
   *
   * Caution: a change makes another replica, and deletes this one.
   * @default the cluster's, in the cluster's VPC
   * @example "ams3"
   */
  readonly region?: pulumi.Input<string>;

  /**
   * VPC of {@link region}, by id: a VPC is of one region, so the cluster's own serves no replica elsewhere.
   *
   * Caution: a change makes another replica, and deletes this one.
   * @default the cluster's
   * @example "5a4981aa-9653-4bd1-bef5-d6bff52042e4"
   */
  readonly vpcId?: pulumi.Input<string>;
}

/** Nothing else of the component is called so, and names in the cloud have room for it. */
const replicaName = /^replica(?=.{0,24}$)(-[a-z0-9]+)*$/;

/** Finds what is wrong with the replicas of a cluster. */
export function checkReplicas(checks: ArgumentChecks, args: PostgresSizing): void {
  for (const [name, replica] of Object.entries(args.readReplicas ?? {})) {
    const path = `readReplicas.${name}`;
    checks.check(
      path,
      name,
      (text) => replicaName.test(text),
      () => "is no name of a replica, which the names in the cloud end with",
      'Call it "replica", or that with up to 24 lower-case letters, digits and hyphens more, as "replica-reports".',
    );
    checkReplicaSize(checks, `${path}.size`, replica, args);
    checkRegion(checks, replica.region, "databases", `${path}.region`);
    checkPlace(checks, path, replica);
  }
}

function checkReplicaSize(
  checks: ArgumentChecks,
  path: string,
  { size }: ReadReplica,
  cluster: PostgresSizing,
): void {
  const offered = databaseSizes.filter(({ engines }) => engines.some((engine) => engine === "pg"));
  checks.oneOf(
    path,
    size,
    offered.map(({ slug }) => slug),
  );
  const primary = offered.find(({ slug }) => slug === cluster.size);
  const own = offered.find(({ slug }) => slug === size);
  if (primary === undefined || own === undefined) return;
  const diskGib = cluster.diskGib ?? primary.diskGib;
  checks.check(
    path,
    own.slug,
    () => carries(own, primary, diskGib),
    (slug) => `is "${slug}", which is less than the primary's ${primary.slug} with ${diskGib} GiB of disk`,
    "Choose a size with at least the primary's CPUs and memory, and room for its disk; or leave size out.",
  );
}

const carries = (own: DatabaseSize, primary: DatabaseSize, diskGib: number): boolean =>
  own.vcpus >= primary.vcpus && own.memoryMib >= primary.memoryMib && own.maximumDiskGib >= diskGib;

function checkPlace(checks: ArgumentChecks, path: string, { region, vpcId }: ReadReplica): void {
  if (region !== undefined && vpcId === undefined) {
    checks.add(
      `${path}.vpcId`,
      "is missing, and the cluster's VPC is of the cluster's region alone",
      "Give the id of a VPC of the replica's region; or leave region out, and it is beside its primary.",
    );
  }
  if (region === undefined && vpcId !== undefined) {
    checks.add(
      `${path}.region`,
      "is missing, and a VPC is of one region",
      "Name the VPC's region; or leave vpcId out, and the replica is in the cluster's VPC.",
    );
  }
}

/** What a replica follows, and belongs to. */
interface Primary {
  readonly args: PostgresArgs;
  readonly cluster: digitalocean.DatabaseCluster;
  readonly parent: pulumi.Resource;
}

/** A replica, and what lets its clients in. */
interface ClosedReplica {
  readonly server: digitalocean.DatabaseReplica;
  readonly firewall: digitalocean.DatabaseFirewall;
}

/** Makes the replica of a component that is called `key` there, closed to everybody but whom its primary trusts. */
export function createReplica(
  component: string,
  key: string,
  replica: ReadReplica,
  { args, cluster, parent }: Primary,
): ClosedReplica {
  const name = `${component}-${key}`;
  const server = new digitalocean.DatabaseReplica(
    name,
    {
      name: `${args.cloudName ?? component}-${key}`,
      clusterId: cluster.id,
      region: replica.region ?? args.placement.region,
      size: replica.size ?? args.size,
      privateNetworkUuid: replica.vpcId ?? args.placement.vpcId,
      ...replicaDiskOf(replica, args),
      tags: tagsOf(args.ownership, "postgres-replica"),
    },
    // New tags would replace the replica, and a server is not worth less for an old one.
    { parent, ignoreChanges: ["tags"] },
  );
  return { server, firewall: createFirewall(`${name}-firewall`, server.uuid, args, parent) };
}
