import { type Answer, reasonOf, unchecked } from "../check.ts";
import type { Database, DatabaseServer } from "../cloud.ts";

/** What a firewall does to a call: nothing comes back, or the connection ends before anybody has spoken. */
const turnedAway =
  /ETIMEDOUT|timeout|timed out|ENETUNREACH|EHOSTUNREACH|ECONNRESET|ENOTFOUND|EAI_AGAIN|Connection (terminated|is closed)|closed/i;

/** How long a server is waited for before the next is tried. */
export const connectMs = 3_000;

/** A database cluster that is asked. */
export interface AskedDatabase {
  /** What it is called. */
  readonly name: string;
  /** Finds out where it answers. */
  readonly read: (signal: AbortSignal) => Promise<Database>;
}

/**
 * Asks a database cluster by the first of its servers that lets us in. A cluster that lets in those alone who are not us
 * is not checked; one that refuses a connection, or fails in answering, is critical.
 *
 * @param ask Signs in, asks, and hangs up.
 */
export async function askDatabase(
  { read }: Pick<AskedDatabase, "read">,
  signal: AbortSignal,
  ask: (server: DatabaseServer, database: Database) => Promise<Answer>,
): Promise<Answer> {
  const database = await read(signal);
  const failures: string[] = [];
  for (const server of database.servers) {
    try {
      return withStatus(database, await ask(server, database));
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  const reasons = [...new Set(failures)].join("; ");
  const state = database.status === undefined ? "" : `; DigitalOcean calls it "${database.status}"`;
  if (database.trusted.length > 0 && failures.every((failure) => turnedAway.test(failure))) {
    return unchecked(
      `it does not let this machine in, but ${database.trusted.join(" and ")} alone (${reasons})${state}`,
    );
  }
  return { verdict: "critical", answer: `${reasons}${state}` };
}

/** What is under way is worth knowing, also of who answers. */
function withStatus({ status }: Database, answer: Answer): Answer {
  if (status === undefined || status === "online") return answer;
  return {
    ...answer,
    verdict: answer.verdict === "critical" ? "critical" : "warning",
    answer: `DigitalOcean calls it "${status}"; ${answer.answer}`,
  };
}
