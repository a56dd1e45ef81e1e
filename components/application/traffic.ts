import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint, Party } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";

/** Port on which the operator's image of the API listens. */
export const apiPort = 8000;
/** Port on which the operator's image of the front end listens. */
export const webPort = 3000;

/** Whom the application calls, by what it wants of them. */
interface ApplicationCalls {
  /** The database through its pool. */
  readonly database: Endpoint;
  /** The database itself. */
  readonly migrationDatabase: Endpoint;
  /** Queue, cache and sessions. */
  readonly cache: Endpoint;
  /** Neo4j. */
  readonly graph: Endpoint;
  /** Who takes spans. */
  readonly traces: Endpoint;
}

/** Short name of the namespace it is in. */
const namespace = "application";

const toInternet = { to: internet.at.https, purpose: "object storage, sign-in and error tracking" };

/** What the parts of the application listen on, and whom they call. */
export function applicationTraffic({ database, migrationDatabase, cache, graph, traces }: ApplicationCalls) {
  const toCollector = { to: traces, purpose: "spans" };
  const toStores = [
    { to: database, purpose: "users, jobs and transcripts" },
    { to: cache, purpose: "queue, cache and sessions" },
    { to: graph, purpose: "the graph of transcripts" },
  ];
  const apiTraffic = {
    listens: { http: { port: apiPort, metrics: true } },
    calls: [...toStores, toCollector, toInternet],
  };
  const api = declarePods("api", namespace, apiTraffic);
  return {
    api,
    candidate: declarePods("api-candidate", namespace, apiTraffic),
    web: declarePods("web", namespace, {
      listens: { http: { port: webPort } },
      calls: [{ to: api.at.http, purpose: "pages rendered on the server" }, toCollector, toInternet],
    }),
    worker: declarePods("worker", namespace, { calls: [...toStores, toCollector, toInternet] }),
    migrations: declarePods("migrations", namespace, {
      calls: [{ to: migrationDatabase, purpose: "changes of the schema" }],
    }),
  } satisfies Record<string, Party>;
}
