import { createRequire } from "node:module";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine, { type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { beforeAll, expect, it } from "vitest";
import { leanSdk } from "../../platform/engine/lean-sdk.ts";

const requireHere = createRequire(import.meta.url);

beforeAll(() => leanSdk());

it("a promise goes as it went, and errors have their traces", async () => {
  const { debuggablePromise } = requireHere("@pulumi/pulumi/runtime/debuggable.js");
  const promise: Promise<number> & { _debugStackTrace?: string } = Promise.resolve(6);
  expect(await debuggablePromise(promise, "six")).toBe(6);
  expect(promise._debugStackTrace).toMatch(/^Error\b.*$/);
  expect(new Error("afterwards").stack).toContain("lean-sdk.test.ts");
});

it("a message for debugging counts as told; any other goes to the engine", async () => {
  // Nobody listens there.
  const client = new EngineClient("127.0.0.1:1", credentials.createInsecure());
  const told = (severity: ReturnType<LogRequest["getSeverity"]>) => {
    const request = new engine.LogRequest();
    request.setSeverity(severity);
    return new Promise<ServiceError | null>((resolve) => {
      client.log(request, resolve);
    });
  };
  expect(await told(engine.LogSeverity.DEBUG)).toBeNull();
  expect(await told(engine.LogSeverity.WARNING)).toMatchObject({ code: status.UNAVAILABLE });
  client.close();
});
