import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { expect } from "vitest";
import { type CloudOptions, createCloud } from "../../../../sandbox/cloud/cloud.ts";
import { createRegistryRuntime, type RegistryRuntime } from "../../../../sandbox/registry/runtime.ts";
import { createSpacesAdmin } from "../../../../sandbox/spaces/admin.ts";
import { openStore, type Store } from "../../../../sandbox/store/store.ts";
import { openApiChecker } from "./openapi.ts";
import { absentStores, idleKubernetes } from "./stand-ins.ts";

export const testToken = "token-of-the-tests";
export const testAdminToken = "admin-token-of-the-tests";

function parseBody(text: string, contentType: string): unknown {
  if (text === "") return undefined;
  return contentType.startsWith("application/json") ? JSON.parse(text) : text;
}

/** An answer, its body parsed. */
export interface TestAnswer<T = unknown> {
  readonly status: number;
  /** The JSON that came, taken for a T; undefined when nothing did. */
  readonly body: T;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A cloud in a temporary folder, with a clock of its own. */
export interface TestCloud {
  readonly app: FastifyInstance;
  readonly store: Store;
  /** What its container registries hold. */
  readonly registries: RegistryRuntime;
  /** Milliseconds since the epoch, by the cloud's clock. */
  now(): number;
  /** Sends a request with the token, and holds the answer against the API's description where that is at hand. */
  request<T>(method: string, url: string, body?: unknown): Promise<TestAnswer<T>>;
  /** The body of a request that must succeed. */
  ok<T>(method: string, url: string, body?: unknown): Promise<T>;
  /** The message of a request that must be refused with `status`. */
  refusal(status: number, method: string, url: string, body?: unknown): Promise<string>;
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
  /** Ends the server and starts another on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a cloud whose things need `latencyMs` (default 1,000) of the test's own clock. */
export async function testCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const directory = mkdtempSync(join(tmpdir(), "cloud-"));
  let nowMs = Date.parse("2026-11-21T09:00:00Z");
  let store = openStore(directory);
  const registriesOf = () =>
    createRegistryRuntime({
      store,
      directory: join(directory, "registry"),
      accountToken: testToken,
      address: () => "127.0.0.1:5000",
      now: () => nowMs,
    });
  let registries = registriesOf();
  const start = () =>
    createCloud({
      token: testToken,
      adminToken: testAdminToken,
      kubernetes: idleKubernetes(),
      stores: absentStores(),
      spaces: createSpacesAdmin(store),
      registries,
      latencyMs: 1_000,
      now: () => nowMs,
      ...options,
      store,
    });
  let app = await start();

  async function request<T>(method: string, url: string, body?: unknown): Promise<TestAnswer<T>> {
    const response = await app.inject({
      method: method as "GET",
      url,
      headers: {
        authorization: `Bearer ${url.startsWith("/_sandbox/") ? testAdminToken : testToken}`,
        "content-type": "application/json",
        // Described for droplets and their autoscale pools, and for nothing else.
        ...(url.startsWith("/v2/droplets/") && { "x-dangerous": "true" }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    const answer: TestAnswer<T> = {
      status: response.statusCode,
      body: parseBody(response.body, String(response.headers["content-type"])) as T,
      headers: response.headers,
    };
    if (url.startsWith("/v2/")) {
      expect(openApiChecker()?.faultsOf({ method, url, ...answer }) ?? []).toEqual([]);
    }
    return answer;
  }

  return {
    get app() {
      return app;
    },
    get store() {
      return store;
    },
    get registries() {
      return registries;
    },
    now: () => nowMs,
    request,
    ok: async <T>(method: string, url: string, body?: unknown) => {
      const answer = await request<T>(method, url, body);
      expect(answer.status, `${method} ${url}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
      return answer.body;
    },
    refusal: async (status, method, url, body) => {
      const answer = await request<{ message: string }>(method, url, body);
      expect(answer.status, `${method} ${url}: ${JSON.stringify(answer.body)}`).toBe(status);
      return answer.body.message;
    },
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
    restart: async () => {
      await app.close();
      await store.close();
      store = openStore(directory);
      registries = registriesOf();
      app = await start();
    },
    close: async () => {
      await app.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
