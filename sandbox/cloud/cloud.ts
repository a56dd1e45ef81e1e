import { randomUUID } from "node:crypto";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { injectFaults } from "../faults/hooks.ts";
import { FaultPlan } from "../faults/plan.ts";
import type { KubernetesRuntime } from "../kubernetes/runtime.ts";
import { Recording } from "../recording/recording.ts";
import type { RegistryRuntime } from "../registry/runtime.ts";
import type { SpacesAdmin } from "../spaces/admin.ts";
import type { Store } from "../store/store.ts";
import type { StoresRuntime } from "../stores/runtime.ts";
import { isForAdmin, serveAdmin } from "./admin.ts";
import type { Cloud } from "./context.ts";
import { TextBody } from "./endpoint.ts";
import { ApiError, errorId, notFound } from "./errors.ts";
import { families } from "./families/index.ts";
import { requireBearer } from "./http/authentication.ts";
import { readJsonBodies } from "./http/bodies.ts";
import { limitRate, type RateLimit } from "./http/rate-limit.ts";
import { recordExchanges } from "./http/recorder.ts";
import { allResources } from "./inventory.ts";
import { refuseAbsent } from "./not-emulated.ts";

export interface CloudOptions {
  readonly store: Store;
  /** The bearer token clients of `/v2` send. */
  readonly token: string;
  /** The bearer token of the sandbox's own routes. Default: they are not served. */
  readonly adminToken?: string;
  readonly kubernetes: KubernetesRuntime;
  readonly spaces: SpacesAdmin;
  readonly stores: StoresRuntime;
  readonly registries: RegistryRuntime;
  /** How long new things take to become active. Default 300. */
  readonly latencyMs?: number;
  /** What goes wrong, from the start. Default: nothing. */
  readonly faults?: FaultPlan;
  /** Where requests and answers are recorded once the sandbox's own routes ask for it. Default: one of its own. */
  readonly recording?: Recording;
  /** Default: 5,000 an hour, shown and not enforced. */
  readonly rateLimit?: RateLimit;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

const megabyte = 1024 * 1024;

/** Names of tags have up to 255 characters, each of which may be escaped in a path. */
const longestParameter = 3 * 255;

/**
 * DigitalOcean's API in a box: a server that is ready and does not listen yet. Its state is in the store alone, so that
 * another server on the same store goes on where this one ended.
 */
export async function createCloud(options: CloudOptions): Promise<FastifyInstance> {
  const now = options.now ?? Date.now;
  const recording = options.recording ?? new Recording();
  const faults = options.faults ?? new FaultPlan();
  const cloud = createContext(options, now);

  const app = Fastify({
    genReqId: () => randomUUID(),
    bodyLimit: megabyte,
    forceCloseConnections: true,
    frameworkErrors: answerUnrouted,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: longestParameter },
  });

  recordExchanges(app, recording, { now, spares: isForAdmin });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  limitRate(app, options.rateLimit ?? { requestsPerHour: 5_000, enforced: false }, now);
  injectFaults(app, faults, {
    spares: isForAdmin,
    fail: (_request, _reply, status) => {
      throw new ApiError(status, "This answer is a fault injected by the sandbox.");
    },
  });
  requireBearer(app, options.token, (request) => !isForAdmin(request));
  readJsonBodies(app);
  answerErrors(app);
  serveFamilies(app, cloud);
  refuseAbsent(app);
  if (options.adminToken !== undefined) {
    requireBearer(app, options.adminToken, isForAdmin);
    serveAdmin(app, faults, recording, options.store);
  }
  app.addHook("onClose", async () => recording.stop());
  await app.ready();
  for (const family of families) family.resume?.(cloud);
  return app;
}

function createContext(options: CloudOptions, now: () => number): Cloud {
  const { store, kubernetes, spaces, stores, registries } = options;
  const latencyMs = options.latencyMs ?? 300;
  const resources = () => allResources(store);
  const cloud: Cloud = {
    store,
    kubernetes,
    spaces,
    stores,
    registries,
    latencyMs,
    now,
    timestamp: () => `${new Date(now()).toISOString().slice(0, 19)}Z`,
    settled: (sinceMs) => now() >= sinceMs + latencyMs,
    resources,
    usersOf: (thing) =>
      resources().filter((resource) =>
        resource.uses?.some((used) => used.kind === thing.kind && used.id === thing.id),
      ),
    forget: async (thing) => {
      for (const family of families) await family.forget?.(cloud, thing);
    },
    destroy: async ({ kind, id }) => {
      const destroy = families.map((family) => family.destroy?.[kind]).find((known) => known !== undefined);
      if (destroy === undefined) throw new Error(`No family says how one of the ${kind} is deleted.`);
      await destroy(cloud, id);
    },
    retag: (thing, tag, change) => {
      const owner = families.find((family) => family.taggable?.[thing.kind] !== undefined);
      const tagged = resources().find(({ kind, id }) => kind === thing.kind && id === thing.id);
      if (owner === undefined || tagged === undefined) throw notFound();
      const others = (tagged.tags ?? []).filter((known) => known !== tag);
      owner.taggable?.[thing.kind]?.(store, thing.id, change === "add" ? [...others, tag] : others);
    },
  };
  return cloud;
}

function serveFamilies(app: FastifyInstance, cloud: Cloud): void {
  for (const endpoint of families.flatMap((family) => family.endpoints)) {
    app.route<{ Params: Record<string, string> }>({
      method: endpoint.method,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      handler: async (request, reply) => {
        const answer = await endpoint.run({
          cloud,
          params: request.params,
          query: request.query,
          body: request.body,
          headers: request.headers,
          url: absoluteUrl(request),
        });
        if (answer.body instanceof TextBody) {
          return reply.code(answer.status).type(answer.body.contentType).send(answer.body.text);
        }
        return answer.body === undefined
          ? reply.code(answer.status).send()
          : reply.code(answer.status).send(answer.body);
      },
    });
  }
}

/** The URL that was asked for. A client that calls us by no name that could stand in one gets links to loopback. */
function absoluteUrl({ url, protocol, host }: FastifyRequest): URL {
  const base = `${protocol}://${host}`;
  return new URL(url, URL.canParse(base) ? base : "http://127.0.0.1");
}

/** What the framework refuses before it looks for a route (a path that cannot be decoded, say), in the API's own form. */
function answerUnrouted(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400;
  const body = { id: errorId(status), message: error.message, request_id: request.id };
  reply.code(status).header("x-request-id", request.id).send(body);
}

/** Every failure, ours or the framework's, in the API's own form. */
function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, _reply) => {
    throw notFound();
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof ApiError ? error.status : (error.statusCode ?? 500);
    const id = error instanceof ApiError ? error.id : errorId(status);
    if (!(error instanceof ApiError) && status >= 500) {
      process.stderr.write(
        `${request.method} ${request.url} (${request.id}): ${error.stack ?? error.message}\n`,
      );
    }
    return reply.code(status).send({ id, message: error.message, request_id: request.id });
  });
}
