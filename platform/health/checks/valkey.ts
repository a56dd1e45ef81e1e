import { Valkey } from "iovalkey";
import { thresholds } from "../../../catalog/thresholds.ts";
import { type Answer, type Check, judged, notAbove, percent, unchecked } from "../check.ts";
import type { Database, DatabaseServer } from "../cloud.ts";
import { type AskedDatabase, askDatabase, connectMs } from "./databases.ts";

/** Whether a Valkey lets us in, has memory left, and knows what it is asked for. */
export const valkeyCheck = (database: AskedDatabase): Check => ({
  subject: "cache",
  name: database.name,
  asked: "a connection over TLS, and what it says of its memory and its hits",
  remedy: "docs/runbooks/ValkeyUnreachable.md, ValkeyMemoryShort.md, ValkeyEvicts.md or CacheHitRateLow.md",
  ask: (signal) =>
    askDatabase(database, signal, (server, found) =>
      withValkey(server, found, async (client) => judgeInfo(await client.info())),
    ),
});

/** How many jobs wait. */
export const queueCheck = (database: AskedDatabase, queues: readonly string[]): Check => ({
  subject: "queue",
  name: database.name,
  asked: `the length of ${queues.join(" and ")}`,
  remedy: "docs/runbooks/QueueLong.md or QueueStalled.md",
  ask: (signal) => {
    if (queues.length === 0) {
      return Promise.resolve(
        unchecked('what was deployed does not say which queues there are; the next "up" does'),
      );
    }
    return askDatabase(database, signal, (server, found) =>
      withValkey(server, found, async (client) =>
        judgeQueues(
          await Promise.all(queues.map(async (queue) => [queue, await client.llen(queue)] as const)),
        ),
      ),
    );
  },
});

async function withValkey(
  { host, port, user, password, ssl }: DatabaseServer,
  { authority }: Database,
  ask: (client: Valkey) => Promise<Answer>,
): Promise<Answer> {
  const client = new Valkey({
    host,
    port,
    username: user,
    password,
    ...(ssl && { tls: authority === undefined ? {} : { ca: authority } }),
    lazyConnect: true,
    connectTimeout: connectMs,
    commandTimeout: connectMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectionName: "platform-health",
  });
  let failure: Error | undefined;
  // What ends a connection is told here alone; the command says only that it is closed.
  client.on("error", (error: Error) => {
    failure ??= error;
  });
  try {
    await client.connect();
    return await ask(client);
  } catch (error) {
    throw failure ?? error;
  } finally {
    client.disconnect();
  }
}

/** How queues are that hold so many jobs. */
export function judgeQueues(lengths: readonly (readonly [queue: string, jobs: number])[]): Answer {
  return judged(
    lengths.map(([queue, jobs]) => ({
      verdict: notAbove(jobs, { warning: thresholds.queuedJobs }),
      text: `${jobs} ${jobs === 1 ? "job waits" : "jobs wait"} in ${queue}`,
    })),
    Object.fromEntries(lengths.map(([queue, jobs]) => [`${queue}Jobs`, jobs])),
  );
}

/** How a Valkey is that says this of itself. Hits and misses are counted since it was started. */
export function judgeInfo(info: string): Answer {
  const figures = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [key = "", value = ""] = line.split(":");
      return value === "" ? [] : [[key, Number(value)] as const];
    }),
  );
  const figure = (key: string): number => figures.get(key) || 0;
  const [used, most] = [figure("used_memory"), figure("maxmemory")];
  const lookups = figure("keyspace_hits") + figure("keyspace_misses");
  const hits = figure("keyspace_hits") / lookups;
  const { memory, cacheHits } = thresholds;
  const busy = lookups > cacheHits.least * figure("uptime_in_seconds");
  return judged(
    [
      most > 0
        ? { verdict: notAbove(used / most, { warning: memory }), text: `memory ${percent(used / most)} full` }
        : { verdict: "healthy", text: "memory without a limit of its own" },
      busy
        ? {
            verdict: hits < cacheHits.warning ? "warning" : "healthy",
            text: `knows ${percent(hits)} of what it is asked for`,
          }
        : { verdict: "healthy", text: "asked too seldom for a hit rate" },
      { verdict: "healthy", text: `clients: ${figure("connected_clients")}` },
    ],
    {
      usedMemoryBytes: used,
      maximumMemoryBytes: most,
      ...(busy && { hitShare: hits }),
      clients: figure("connected_clients"),
    },
  );
}
