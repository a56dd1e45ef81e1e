import type { Check } from "../check.ts";
import { addressCheck, handshakeCheck } from "../checks/addresses.ts";
import type { AskedDatabase } from "../checks/databases.ts";
import { nodesCheck, workloadsCheck } from "../checks/kubernetes.ts";
import { watchingCheck } from "../checks/monitoring.ts";
import { postgresCheck } from "../checks/postgres.ts";
import { bucketCheck } from "../checks/storage.ts";
import { queueCheck, valkeyCheck } from "../checks/valkey.ts";
import type { Database } from "../cloud.ts";
import type { ClusterApi } from "../cluster.ts";
import type { MonitorSettings } from "./settings.ts";

/**
 * All that is asked from within the cluster: the same as from outside, as whoever may do no more than ask. DigitalOcean's
 * API is not asked: its token could do more.
 */
export function checksFromWithin(settings: MonitorSettings, cluster: ClusterApi): Check[] {
  const { urls, postgres, valkey, buckets, prometheus } = settings;
  const hosts = Object.values(urls).map((url) => new URL(url));
  return [
    ...Object.entries(urls).map(([name, url]) => addressCheck(name, url)),
    ...postgres.map(({ database, searchPath, authority, ...server }) =>
      postgresCheck(asked(server, { database, searchPath, authority })),
    ),
    ...valkey.flatMap(({ queues, ...server }) => [
      valkeyCheck(asked(server)),
      ...(queues.length > 0 ? [queueCheck(asked(server), queues)] : []),
    ]),
    ...buckets.map(({ endpoint, accessKeyId, secretAccessKey, ...bucket }) =>
      bucketCheck(
        {
          spacesUrl: () => endpoint,
          spacesAccessKeyId: accessKeyId,
          spacesSecretAccessKey: secretAccessKey,
        },
        bucket,
        true,
      ),
    ),
    ...hosts.map(({ hostname }) => handshakeCheck(hostname)),
    nodesCheck(cluster),
    workloadsCheck(cluster),
    ...prometheus.map(({ name, address }) => watchingCheck(name, address)),
  ];
}

/** A server that is known, and speaks TLS. */
function asked(
  { name, ...server }: Omit<MonitorSettings["valkey"][number], "queues">,
  more: Partial<Database> = {},
): AskedDatabase {
  return {
    name,
    read: () => Promise.resolve({ servers: [{ ...server, ssl: true }], trusted: [], ...more }),
  };
}
