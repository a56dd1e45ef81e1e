import { timingSafeEqual } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import type { ClusterReport } from "../kubernetes/runtime.ts";
import type { CallInFlight } from "../providers/kit/index.ts";
import type { Expired } from "../spaces/expiry.ts";
import type { AbsentEngine, StoreReport } from "../stores/runtime.ts";

/** What the daemon says of itself. */
export interface DaemonControls {
  /** The admin token: every request must bear it. */
  readonly token: string;
  /** Provider calls that are being worked on, of all stand-ins. */
  callsInFlight(): CallInFlight[];
  clusters(): ClusterReport[];
  stores(): StoreReport[];
  absentEngines(): AbsentEngine[];
  /** Lets the buckets' lifecycle rules act as the nights until then would. */
  expire(until: Date): Promise<Expired[]>;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The daemon's own server, apart from the emulated API, which it must answer for when that one is slow or failing on
 * purpose: `GET /status`, `GET /calls`, `POST /expire?days=N`.
 */
export function createAdmin(controls: DaemonControls): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  const expected = Buffer.from(`Bearer ${controls.token}`);

  app.addHook("onRequest", async (request, reply) => {
    const given = Buffer.from(request.headers.authorization ?? "");
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    await reply.code(401).send({ message: "the admin token of sandbox.json is wanted" });
  });

  app.get("/status", async () => ({
    pid: process.pid,
    memoryMib: Math.round(process.memoryUsage().rss / 2 ** 20),
    clusters: controls.clusters(),
    stores: controls.stores(),
    absentEngines: controls.absentEngines(),
  }));
  app.get("/calls", async () => controls.callsInFlight());
  app.post<{ Querystring: { days: number } }>(
    "/expire",
    {
      schema: {
        querystring: {
          type: "object",
          required: ["days"],
          properties: { days: { type: "integer", minimum: 0, maximum: 36_500 } },
        },
      },
    },
    async ({ query }) => ({ expired: await controls.expire(new Date(Date.now() + query.days * dayMs)) }),
  );
  return app;
}
