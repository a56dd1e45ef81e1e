import { HealthMonitor } from "../../components/health-monitor/health-monitor.ts";
import type { Buckets } from "./buckets.ts";
import { type Context, publicNamesOf } from "./context.ts";
import { type Ground, jobQueues } from "./ground.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Stores } from "./stores.ts";
import type { Watch } from "./watch.ts";

/** Has everything asked from within, every few minutes. */
export function composeHealth(
  context: Context,
  { cluster, trafficOf }: Ground,
  { postgres, valkey, cacheCluster }: Stores,
  { media }: Buckets,
  { monitoring }: Namespaces,
  { prometheus }: Watch,
): void {
  const { deployment, ownership, named, parties } = context;
  new HealthMonitor(
    named("health-monitor"),
    {
      ownership,
      namespace: monitoring,
      image: deployment.images.healthMonitor,
      asked: {
        urls: publicNamesOf(context),
        postgres: { [named("postgres")]: postgres.monitoring },
        valkey: {
          [named("valkey")]: { connection: valkey.connection, queues: jobQueues },
          ...(cacheCluster && { [named("cache")]: { connection: cacheCluster.connection, queues: [] } }),
        },
        buckets: [media.grants["health-monitor"]],
        prometheus: { [named("prometheus")]: prometheus.address },
      },
      traffic: trafficOf(parties.healthMonitor),
    },
    { provider: cluster.provider },
  );
}
