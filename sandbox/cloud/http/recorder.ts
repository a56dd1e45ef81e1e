import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Recording } from "../recording.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What was answered, as sent. */
    answered: unknown;
  }
}

interface RecorderOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Requests that are not recorded: the sandbox's own. */
  readonly spares: (request: FastifyRequest) => boolean;
}

/** Writes every request and its answer to the recording, cut connections included. */
export function recordExchanges(app: FastifyInstance, recording: Recording, options: RecorderOptions): void {
  const { now, spares } = options;
  app.decorateRequest("answered", undefined);

  app.addHook("onRequest", async (request, reply) => {
    if (recording.file === undefined || spares(request)) return;
    const startedMs = now();
    let finished = false;
    reply.raw.once("finish", () => {
      finished = true;
      write(request, reply, startedMs, reply.raw.statusCode);
    });
    reply.raw.once("close", () => {
      if (!finished) write(request, reply, startedMs, 0);
    });
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const isJson = String(reply.getHeader("content-type")).startsWith("application/json");
    request.answered = isJson && typeof payload === "string" ? JSON.parse(payload) : payload;
    return payload;
  });

  function write(request: FastifyRequest, reply: FastifyReply, startedMs: number, status: number): void {
    const { authorization: _credential, ...requestHeaders } = request.headers;
    recording.write({
      time: new Date(startedMs).toISOString(),
      requestId: request.id,
      method: request.method,
      url: request.url,
      requestHeaders,
      requestBody: request.body,
      status,
      responseHeaders: reply.getHeaders(),
      responseBody: request.answered,
      durationMs: now() - startedMs,
    });
  }
}
