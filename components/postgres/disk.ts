/** The disks of a PostgreSQL's servers, as the API wants them. */
import * as pulumi from "@pulumi/pulumi";
import { sizeOf } from "../database/cluster.ts";
import type { PostgresArgs } from "./arguments.ts";
import type { ReadReplica } from "./replicas.ts";

/** Disk of each of a cluster's nodes; what the size includes is not said. */
export function diskOf({ diskGib }: Pick<PostgresArgs, "diskGib">): { storageSizeMib?: string } {
  return diskGib === undefined ? {} : { storageSizeMib: mib(diskGib) };
}

/** Disk of a replica, which holds all that the primary holds, also where its own size includes less or more. */
export function replicaDiskOf(
  { size }: Pick<ReadReplica, "size">,
  primary: Pick<PostgresArgs, "size" | "diskGib">,
): { storageSizeMib?: pulumi.Input<string> } {
  if (size === undefined) return diskOf(primary);
  const sizes = pulumi.all([sizeOf({ size }), sizeOf(primary)]);
  return {
    storageSizeMib: sizes.apply(([own, { diskGib: included }]) =>
      mib(Math.max(own.diskGib, primary.diskGib ?? included)),
    ),
  };
}

const mib = (gib: number): string => String(gib * 1024);
