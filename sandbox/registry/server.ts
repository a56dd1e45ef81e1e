import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { injectFaults } from "../faults/hooks.ts";
import { FaultPlan } from "../faults/plan.ts";
import { Recording } from "../recording/recording.ts";
import { type Address, parseAddress } from "./address.ts";
import { allows, authorise, giveToken, type Need, tokenPath } from "./authorization.ts";
import {
  beginUpload,
  cancelUpload,
  continueUpload,
  deleteBlob,
  finishUpload,
  readBlob,
  uploadStatus,
} from "./blobs.ts";
import { RegistryError, type RegistryErrorCode } from "./errors.ts";
import { deleteManifest, listReferrers, listTags, putManifest, readManifestOf } from "./manifests.ts";
import type { RegistryRequest, RegistryResponse } from "./operation.ts";
import type { FindRules, RegistryRules } from "./rules.ts";
import type { RegistryRuntime } from "./runtime.ts";

/** What a registry server needs. */
export interface RegistryServerOptions {
  readonly runtime: RegistryRuntime;
  /** What the account has. */
  readonly findRules: FindRules;
  /** What is to go wrong, by the path `/registry/v2/...`. @default nothing */
  readonly faults?: FaultPlan;
  /** Where requests and answers are recorded, without the bytes. @default they are not */
  readonly recording?: Recording;
  /** Milliseconds since the epoch. @default the clock */
  readonly now?: () => number;
  /** Told of failures that are not a client's doing. @default they are dropped */
  readonly onError?: (error: unknown) => void;
}

type Operation = (request: RegistryRequest, address: Address) => RegistryResponse | Promise<RegistryResponse>;

/** An operation on what one kind of address names. */
interface Route {
  readonly action: "pull" | "push" | "delete";
  readonly operation: Operation;
}

/** `registry.digitalocean.com` in a box: the OCI distribution API over HTTP. Ready, and does not listen yet. */
export async function createRegistryServer(options: RegistryServerOptions): Promise<FastifyInstance> {
  const { runtime, findRules, onError } = options;
  const now = options.now ?? Date.now;
  const app = Fastify({ genReqId: () => randomUUID(), forceCloseConnections: true, exposeHeadRoutes: false });

  record(app, options.recording ?? new Recording(), now);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "x-request-id": request.id, "docker-distribution-api-version": "registry/2.0" });
  });
  injectFaults(app, options.faults ?? new FaultPlan(), {
    prefix: "/registry",
    fail: (_request, _reply, status) => {
      throw new RegistryError(codeOf(status), "This answer is a fault injected by the sandbox.", { status });
    },
  });
  takeBodiesAsTheyAre(app);
  answerErrors(app, onError ?? (() => undefined));

  const letIn = (request: FastifyRequest, need: Need) =>
    authorise(runtime.credentials, request.headers.authorization, `http://${request.host}${tokenPath}`, need);

  app.get("/v2/", async (request) => {
    letIn(request, undefined);
    return {};
  });
  app.get(tokenPath, async (request) => {
    const scopes = queryOf(request).getAll("scope");
    return giveToken(runtime.credentials, findRules, request.headers.authorization, scopes);
  });
  app.route<{ Params: { "*": string } }>({
    method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    url: "/v2/*",
    handler: async (request, reply) => {
      const address = parseAddress(request.params["*"]);
      const { action, operation } = route(request.method, address);
      const scopes = letIn(request, { name: `${address.registry}/${address.repository}`, action });
      const answer = await operation(
        {
          contents: runtime.contents,
          rules: requireRules(findRules(address.registry), address, action),
          headers: request.headers,
          query: queryOf(request),
          body: request.body instanceof Readable ? request.body : Readable.from([]),
          now: `${new Date(now()).toISOString().slice(0, 19)}Z`,
          mayPull: (name) => allows(scopes, name, "pull"),
        },
        address,
      );
      return send(request, reply, answer);
    },
  });
  await app.ready();
  return app;
}

/** @throws RegistryError UNSUPPORTED where the address takes no such method */
function route(method: string, address: Address): Route {
  const found = routesOf(address)[method === "HEAD" ? "GET" : method];
  if (found !== undefined) return found;
  throw new RegistryError("UNSUPPORTED", "The operation is unsupported.");
}

function routesOf(address: Address): Readonly<Partial<Record<string, Route>>> {
  switch (address.kind) {
    case "uploads":
      return { POST: { action: "push", operation: beginUpload } };
    case "upload":
      return {
        GET: { action: "push", operation: (request) => uploadStatus(request, address) },
        PATCH: { action: "push", operation: (request) => continueUpload(request, address) },
        PUT: { action: "push", operation: (request) => finishUpload(request, address) },
        DELETE: { action: "push", operation: (request) => cancelUpload(request, address) },
      };
    case "blob":
      return {
        GET: { action: "pull", operation: (request) => readBlob(request, address) },
        DELETE: { action: "delete", operation: (request) => deleteBlob(request, address) },
      };
    case "manifest":
      return {
        GET: { action: "pull", operation: (request) => readManifestOf(request, address) },
        PUT: { action: "push", operation: (request) => putManifest(request, address) },
        DELETE: { action: "delete", operation: (request) => deleteManifest(request, address) },
      };
    case "referrers":
      return { GET: { action: "pull", operation: (request) => listReferrers(request, address) } };
    case "tags":
      return { GET: { action: "pull", operation: listTags } };
  }
}

/** @throws RegistryError NAME_UNKNOWN for a registry that is not there, DENIED for a change while it is read-only */
function requireRules(rules: RegistryRules | undefined, address: Address, action: string): RegistryRules {
  if (rules === undefined) {
    throw new RegistryError("NAME_UNKNOWN", `there is no registry ${address.registry}`);
  }
  if (rules.readOnly && action !== "pull") {
    throw new RegistryError("DENIED", "registry is read-only while its garbage is collected", {
      status: 403,
    });
  }
  return rules;
}

function send(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: RegistryResponse) {
  reply.code(status).headers(headers);
  const content = request.method === "HEAD" ? undefined : body?.();
  // Given text, the framework adds a character set to a media type that clients compare.
  return reply.send(typeof content === "string" ? Buffer.from(content) : content);
}

const queryOf = (request: FastifyRequest): URLSearchParams =>
  new URL(request.url, "http://registry.invalid").searchParams;

/** Bytes are not parsed, whatever they are said to be. */
function takeBodiesAsTheyAre(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
}

function record(app: FastifyInstance, recording: Recording, now: () => number): void {
  app.addHook("onRequest", async (request, reply) => {
    recording.follow({
      service: "registry",
      requestId: request.id,
      request: request.raw,
      response: reply.raw,
      now,
      bodies: () => ({ request: undefined, response: undefined }),
    });
  });
}

function answerErrors(app: FastifyInstance, onError: (error: unknown) => void): void {
  app.setNotFoundHandler(() => {
    throw new RegistryError("UNSUPPORTED", "The operation is unsupported.", { status: 404 });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    // A client that has gone away needs no answer.
    if (request.raw.errored !== null) return;
    const status = error instanceof RegistryError ? error.status : (error.statusCode ?? 500);
    if (!(error instanceof RegistryError) && status >= 500) onError(error);
    const known = error instanceof RegistryError ? error : undefined;
    const { code = codeOf(status), detail, headers = {} } = known ?? {};
    // Behind a body that was not read to its end no further request can be read.
    if (!request.raw.complete) reply.header("connection", "close");
    return reply
      .code(status)
      .headers({ ...headers, "content-type": "application/json" })
      .send(
        JSON.stringify({
          errors: [{ code, message: error.message, ...(detail !== undefined && { detail }) }],
        }),
      );
  });
}

function codeOf(status: number): RegistryErrorCode {
  if (status === 401) return "UNAUTHORIZED";
  if (status === 403) return "DENIED";
  if (status === 503) return "UNAVAILABLE";
  return status < 500 ? "UNSUPPORTED" : "UNKNOWN";
}
