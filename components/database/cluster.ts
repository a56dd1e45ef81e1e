import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseEngine } from "../../catalog/engines.ts";
import { tagsOf } from "../ownership.ts";
import { type StoreDeclaration, storeTags } from "../store.ts";
import { type DatabaseArgs, defaultMaintenanceWindow } from "./arguments.ts";
import { createLogSink } from "./log-sink.ts";
import { rulesOf } from "./trusted-sources.ts";

/** What sets one engine's cluster apart from another's. */
interface ClusterProfile {
  readonly engine: DatabaseEngine;
  readonly declaration: StoreDeclaration;
  /** Properties only this engine's clusters have. */
  readonly settings?: Partial<digitalocean.DatabaseClusterArgs>;
  /** Properties that only count when the cluster is made, or that DigitalOcean changes by itself. */
  readonly ignoreChanges?: readonly (keyof digitalocean.DatabaseClusterArgs)[];
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
    const sink = { ...args.logSink, clusterId: cluster.id, name: `${cloudName}-log-sink` };
    createLogSink(`${name}-log-sink`, sink, parent);
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
