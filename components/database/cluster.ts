import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseEngine } from "../../catalog/engines.ts";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { type DatabaseSize, databaseSizes } from "../../catalog/sizes.ts";
import { tagsOf } from "../ownership.ts";
import { storeTags } from "../store.ts";
import { type DatabaseArgs, defaultMaintenanceWindow } from "./arguments.ts";
import { createLogSink } from "./log-sink.ts";
import { rulesOf } from "./trusted-sources.ts";

/** What sets one engine's cluster apart from another's. */
interface ClusterProfile {
  readonly engine: DatabaseEngine;
  readonly declaration: StoreDeclaration;
  /** Properties only this engine's clusters have. */
  readonly settings?: Partial<digitalocean.DatabaseClusterArgs>;
  /** Properties that DigitalOcean changes by itself. */
  readonly ignoreChanges?: readonly (keyof digitalocean.DatabaseClusterArgs)[];
}

/** The size of a cluster's nodes, in figures. @throws Error when there is no such size, once it is known */
export function sizeOf({ size }: Pick<DatabaseArgs, "size">): pulumi.Output<DatabaseSize> {
  return pulumi.output(size).apply((slug) => {
    const found = databaseSizes.find((each) => each.slug === slug);
    if (found === undefined) throw new Error(`There is no size of databases that is called ${slug}.`);
    return found;
  });
}

/** Makes a cluster inside the VPC, protected unless told otherwise, that declares itself by its tags; and its log sink. */
export function createCluster(
  name: string,
  args: DatabaseArgs,
  { engine, declaration, settings, ignoreChanges = [] }: ClusterProfile,
  parent: pulumi.Resource,
): digitalocean.DatabaseCluster {
  const { day, hourUtc } = args.maintenanceWindow ?? defaultMaintenanceWindow;
  const { cloudName = name } = args;
  const cluster = new digitalocean.DatabaseCluster(
    `${name}-cluster`,
    {
      name: `${cloudName}-cluster`,
      engine: engine.slug,
      version: args.version ?? engine.defaultVersion,
      size: args.size,
      nodeCount: 1 + (args.standbyNodes ?? 0),
      region: args.placement.region,
      privateNetworkUuid: args.placement.vpcId,
      maintenanceWindows: [{ day, hour: `${String(hourUtc).padStart(2, "0")}:00` }],
      tags: tagsOf(args.ownership, declaration.store, storeTags(declaration)),
      ...settings,
    },
    { parent, protect: args.protect ?? true, ignoreChanges: [...ignoreChanges] },
  );
  if (args.logSink) {
    const place = { clusterId: cluster.id, name: `${cloudName}-log-sink` };
    createLogSink(`${name}-log-sink`, place, args.logSink, parent);
  }
  return cluster;
}

/** Closes a cluster, or a replica by its `uuid`, to everybody but the trusted sources. */
export function createFirewall(
  name: string,
  clusterId: pulumi.Input<string>,
  args: DatabaseArgs,
  parent: pulumi.Resource,
): digitalocean.DatabaseFirewall {
  return new digitalocean.DatabaseFirewall(name, { clusterId, rules: rulesOf(args) }, { parent });
}
