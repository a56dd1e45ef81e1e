import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Fault, type FaultPlan, waitOut } from "./plan.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The fault that strikes this request, if any. */
    fault: Fault | undefined;
  }
}

interface FaultHookOptions {
  /** Answers with a fault's status, in the server's own error format. */
  readonly fail: (request: FastifyRequest, reply: FastifyReply, status: number) => unknown;
  /** What stands before the path when the plan is asked, to tell this server's paths from another's. Default: nothing. */
  readonly prefix?: string;
  /** Requests no plan applies to: the sandbox's own. Default: none. */
  readonly spares?: (request: FastifyRequest) => boolean;
}

/** Makes a server's requests go wrong as the plan says. Must be registered before the server's own hooks. */
export function injectFaults(app: FastifyInstance, plan: FaultPlan, options: FaultHookOptions): void {
  app.decorateRequest("fault", undefined);

  app.addHook("onRequest", async (request, reply) => {
    if (options.spares?.(request) === true) return;
    const path = request.url.split("?", 1)[0] ?? "/";
    const fault = plan.decide(request.method, `${options.prefix ?? ""}${path}`);
    request.fault = fault;
    if (fault === undefined) return;
    await waitOut(fault, "before");
    if (fault.drop === "before") {
      cut(request, reply);
      return reply;
    }
    if (fault.status !== undefined) return options.fail(request, reply, fault.status);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    await waitOut(request.fault, "after");
    if (request.fault?.drop === "after") cut(request, reply);
    return payload;
  });
}

function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}
