import type { FastifyInstance } from "fastify";
import { ApiError } from "./errors.ts";

/** What DigitalOcean's API has and the sandbox has not; a path stands for everything below it as well. */
const absentPaths: readonly string[] = [
  "/v2/1-clicks",
  "/v2/add-ons",
  "/v2/apps",
  "/v2/billing",
  "/v2/byoip_prefixes",
  "/v2/customers",
  "/v2/databases/{id}/indexes",
  "/v2/databases/{id}/online-migration",
  "/v2/databases/{id}/schema-registry",
  "/v2/databases/{id}/topics",
  "/v2/dedicated-inferences",
  "/v2/functions",
  "/v2/gen-ai",
  "/v2/images/{id}/account_transfer",
  "/v2/kubernetes/clusters/{id}/clusterlint",
  "/v2/monitoring/metrics",
  "/v2/monitoring/sinks",
  "/v2/nfs",
  "/v2/organizations",
  "/v2/partner_network_connect",
  "/v2/security",
  "/v2/vector-databases",
];

/**
 * Refuses what is not emulated with 501 and its name. A 404 would not do: to a client that looks for its resource it
 * means that somebody has deleted it.
 */
export function refuseAbsent(app: FastifyInstance): void {
  for (const path of absentPaths) {
    const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
    for (const url of [route, `${route}/*`]) {
      app.all(url, async () => {
        throw new ApiError(501, `The sandbox does not emulate ${path}.`);
      });
    }
  }
}
