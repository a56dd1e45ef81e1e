import { Client } from "pg";
import { z } from "zod";
import { thresholds } from "../../../catalog/thresholds.ts";
import { type Answer, type Check, judged, notAbove, percent } from "../check.ts";
import type { Database, DatabaseServer } from "../cloud.ts";
import { type AskedDatabase, askDatabase, connectMs } from "./databases.ts";

const activity = `
  SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS taken,
         current_setting('max_connections')::int AS allowed,
         coalesce((SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) FROM pg_stat_activity
                   WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()), 0)::float AS oldest,
         coalesce((SELECT max(extract(epoch FROM replay_lag)) FROM pg_stat_replication), 0)::float AS lag`;

const activitySchema = z.object({
  taken: z.number(),
  allowed: z.number(),
  oldest: z.number(),
  lag: z.number(),
});

/** Which every cluster has, whatever the platform's own is called. */
const defaultDatabase = "defaultdb";

/** Whether a PostgreSQL lets us in, has connections left, and nobody holds others up. */
export function postgresCheck(database: AskedDatabase): Check {
  return {
    subject: "database",
    name: database.name,
    asked: "a connection over TLS, and what goes on there",
    remedy: "docs/runbooks/PostgresUnreachable.md, PostgresConnectionsHigh.md or PostgresTransactionOld.md",
    ask: (signal) => askDatabase(database, signal, askPostgres),
  };
}

async function askPostgres(
  server: DatabaseServer,
  { authority, database = defaultDatabase, searchPath }: Database,
): Promise<Answer> {
  const { host, port, user, password, ssl } = server;
  const client = new Client({
    host,
    port,
    user,
    password,
    database,
    ...(searchPath !== undefined && { options: `-c search_path=${searchPath}` }),
    ssl: ssl && { ...(authority !== undefined && { ca: authority }) },
    connectionTimeoutMillis: connectMs,
    query_timeout: connectMs,
    application_name: "platform health",
  });
  // An error after the end of a connection has nobody else to hear it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(activity);
    return judgeActivity(activitySchema.parse(rows[0]));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** How a PostgreSQL is that says this of itself. */
export function judgeActivity({ taken, allowed, oldest, lag }: z.infer<typeof activitySchema>): Answer {
  const { databaseConnections, transactionSeconds, replicaLagSeconds } = thresholds;
  return judged(
    [
      {
        verdict: notAbove(taken / allowed, databaseConnections),
        text: `${taken} of ${allowed} connections are taken (${percent(taken / allowed)})`,
      },
      {
        verdict: notAbove(oldest, { warning: transactionSeconds }),
        text: `the oldest transaction is ${Math.round(oldest)} s old`,
      },
      ...(lag > 0
        ? [
            {
              verdict: notAbove(lag, { warning: replicaLagSeconds }),
              text: `a replica is ${Math.round(lag)} s behind`,
            },
          ]
        : []),
    ],
    {
      connections: taken,
      connectionsAllowed: allowed,
      oldestTransactionSeconds: oldest,
      replicaLagSeconds: lag,
    },
  );
}
