import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine, { type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";

const requireHere = createRequire(import.meta.url);

/** What the SDK calls for each promise that it makes, so that one which never ends can be told of. */
interface Debuggable {
  debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown>;
}

/**
 * Has Pulumi's SDK leave out what it does for each resource and nobody here reads. It is half of the processor time of a
 * program that runs in this process, and a seventh of the state:
 *
 * - the stack trace of each resource's constructor, which the engine writes into the state behind paths of this machine;
 * - the stack trace of each promise, which is printed with `PULUMI_DEBUG_PROMISE_LEAKS` alone, and then kept;
 * - a call to the engine for each message that is only for debugging, of which an engine without `--debug` shows none.
 *
 * To be called before the program runs; a second call does nothing.
 */
export function leanSdk(): void {
  if (isLean) return;
  isLean = true;
  Object.defineProperty(pulumi.Resource, "stackTrace", { value: () => [] });
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS)
    withoutTraces(requireHere("@pulumi/pulumi/runtime/debuggable.js"));
  withoutDebugMessages(EngineClient.prototype);
}

let isLean = false;

/** The SDK asks its module for the function each time. */
function withoutTraces(debuggable: Debuggable): void {
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** The SDK calls it with a request and what to do when it is answered, and goes on then. */
function withoutDebugMessages(client: EngineClient): void {
  const { log } = client;
  Object.defineProperty(client, "log", {
    value(this: EngineClient, request: LogRequest, ...rest: unknown[]) {
      if (request.getSeverity() !== engine.LogSeverity.DEBUG)
        return Reflect.apply(log, this, [request, ...rest]);
      const answered = rest.at(-1);
      if (typeof answered === "function") setImmediate(() => answered(null));
      return undefined;
    },
  });
}
