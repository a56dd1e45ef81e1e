import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Recording } from "../recording.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What was answered, as sent. */
    answered: unknown;
  }
}

/** Writes every request and its answer to the recording, cut connections included. */
export function recordExchanges(app: FastifyInstance, recording: Recording, now: () => number): void {
  const startedMs = new WeakMap<FastifyRequest, number>();
  app.decorateRequest("answered", undefined);

  app.addHook("onRequest", async (request, reply) => {
    if (recording.file === undefined) return;
    startedMs.set(request, now());
    reply.raw.once("close", () => {
      const cut = !reply.raw.writableFinished;
      const began = startedMs.get(request) ?? now();
      const { authorization: _credential, ...requestHeaders } = request.headers;
      recording.write({
        time: new Date(began).toISOString(),
        requestId: request.id,
        method: request.method,
        url: request.url,
        requestHeaders,
        requestBody: request.body,
        status: cut ? 0 : reply.raw.statusCode,
        responseHeaders: reply.getHeaders(),
        responseBody: request.answered,
        durationMs: now() - began,
      });
    });
  });

  app.addHook("onSend", async (request, _reply, payload) => {
    request.answered = typeof payload === "string" && payload !== "" ? JSON.parse(payload) : undefined;
    return payload;
  });
}
