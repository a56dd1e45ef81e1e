import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type FaultPlan, faultPlanSchema } from "../faults/plan.ts";
import type { Recording } from "../recording/recording.ts";
import type { Store } from "../store/store.ts";
import { inventory } from "./inventory.ts";
import { parseRequest } from "./validation.ts";

const recordingRequest = z.strictObject({
  /** Absolute path of the file to append to. */
  file: z.string().startsWith("/"),
});

/** The sandbox's own routes, beside the API: they stand behind the admin token, and no fault strikes them. */
const adminPrefix = "/_sandbox/";

/**
 * Whether a request is for one of the sandbox's own routes. The route that was found says so: a request may spell its
 * path otherwise (`/%5Fsandbox/`).
 */
export function isForAdmin(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith(adminPrefix) === true;
}

/**
 * Faults, recording and inventory at run time:
 * `GET|PUT|DELETE /_sandbox/faults`, `GET|PUT|DELETE /_sandbox/recording`, `GET /_sandbox/inventory`.
 */
export function serveAdmin(
  app: FastifyInstance,
  faults: FaultPlan,
  recording: Recording,
  store: Store,
): void {
  const recordingReport = () => ({ file: recording.file ?? null });

  app.get(`${adminPrefix}faults`, async () => faults.report());
  app.put(`${adminPrefix}faults`, async (request) => {
    parseRequest(faultPlanSchema, request.body);
    faults.replace(request.body as z.input<typeof faultPlanSchema>);
    return faults.report();
  });
  app.delete(`${adminPrefix}faults`, async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });

  app.get(`${adminPrefix}recording`, async () => recordingReport());
  app.put(`${adminPrefix}recording`, async (request) => {
    recording.start(parseRequest(recordingRequest, request.body).file);
    return recordingReport();
  });
  app.delete(`${adminPrefix}recording`, async (_request, reply) => {
    recording.stop();
    return reply.code(204).send();
  });

  app.get(`${adminPrefix}inventory`, async () => inventory(store));
}
