import { trustedCallers } from "../../components/database/trusted-sources.ts";
import type { ValkeyConnection } from "../../components/joints.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { Registry } from "../../components/registry/registry.ts";
import { Valkey } from "../../components/valkey/valkey.ts";
import type { Context } from "./context.ts";
import type { Ground } from "./ground.ts";

/** What DigitalOcean keeps for us, beside objects. */
export interface Stores {
  readonly postgres: Postgres;
  /** Queue of the workers. */
  readonly valkey: Valkey;
  /** Cluster of cache and sessions, where they are not beside the queue. */
  readonly cacheCluster: Valkey | undefined;
  /** Cache and sessions. */
  readonly cache: ValkeyConnection;
  readonly registry: Registry;
}

/** Makes the managed stores, open to those alone who are declared to call them. */
export function composeStores(context: Context, { network, plan, cluster, gpuMembership }: Ground): Stores {
  const { deployment, posture, ownership, protect, named, parties } = context;
  const { placement } = network;
  const callers = { clusterId: cluster.id, tags: { [parties.gpuWorker.name]: gpuMembership.tag } };
  const postgres = new Postgres(named("postgres"), {
    ownership,
    placement,
    ...posture.postgres,
    ...trustedCallers(plan, parties.postgres, callers),
    protect,
  });
  const { cache: cacheSizing, ...queueSizing } = posture.valkey;
  const valkey = new Valkey(named("valkey"), {
    ownership,
    placement,
    role: "queue",
    ...queueSizing,
    ...trustedCallers(plan, parties.valkey, callers),
    protect,
  });
  const cacheCluster =
    cacheSizing &&
    new Valkey(named("cache"), {
      ownership,
      placement,
      role: "sessions",
      ...cacheSizing,
      // GPU workers have a use for the queue alone.
      trustedClusterIds: [cluster.id],
      protect,
    });
  const registry = new Registry(named("registry"), {
    registryName: named("registry"),
    region: deployment.region,
    ...posture.registry,
    protect,
  });
  return {
    postgres,
    valkey,
    cacheCluster,
    // Beside the queue neither sees the other's keys.
    cache: cacheCluster?.connection ?? valkey.connectionTo(1),
    registry,
  };
}
