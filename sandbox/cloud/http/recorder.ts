import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Recording } from "../../recording/recording.ts";

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
  app.decorateRequest("answered", undefined);

  app.addHook("onRequest", async (request, reply) => {
    if (options.spares(request)) return;
    recording.follow({
      service: "api",
      requestId: request.id,
      request: request.raw,
      response: reply.raw,
      now: options.now,
      bodies: () => ({ request: request.body, response: parsed(request.answered, reply) }),
    });
  });

  app.addHook("onSend", async (request, _reply, payload) => {
    request.answered = payload;
    return payload;
  });
}

function parsed(payload: unknown, reply: FastifyReply): unknown {
  const isJson = String(reply.getHeader("content-type")).startsWith("application/json");
  return isJson && typeof payload === "string" ? JSON.parse(payload) : payload;
}
