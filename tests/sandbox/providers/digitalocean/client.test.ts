import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Api } from "../../../../sandbox/providers/digitalocean/api/client.ts";
import { ApiError, UnreachableError } from "../../../../sandbox/providers/digitalocean/api/errors.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
const hangUp: Answer = (request) => request.socket.destroy();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that gives these answers in turn, then the last one for ever. */
async function script(...answers: Answer[]) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    request.resume().on("end", () => answer?.(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = new Api({ endpoint, token: "t", attempts: 4, backoffMs: 1 });
  closing.push(async () => {
    await api.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return { api, seen, endpoint };
}

const { signal } = new AbortController();

describe("the client of the API", () => {
  it.each([
    ["a lost connection", hangUp],
    ["a failing server", json(503, { id: "service_unavailable", message: "soon" })],
    ["a rate limit", json(429, { id: "too_many_requests", message: "later" }, { "retry-after": "0" })],
  ])("asks again after %s", async (_name, trouble) => {
    const { api, seen } = await script(trouble, trouble, json(200, { vpc: { id: "1" } }));
    expect(await api.get("/v2/vpcs/1", signal)).toEqual({ vpc: { id: "1" } });
    expect(seen).toHaveLength(3);
  });

  it("does not ask again after a refusal, and passes its reason on", async () => {
    const { api, seen } = await script(
      json(422, { id: "unprocessable_entity", message: "no", request_id: "r1" }),
    );
    const refusal = await api.put("/v2/vpcs/1", {}, signal).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(String(refusal)).toContain(
      "DigitalOcean refused PUT /v2/vpcs/1 with 422 unprocessable_entity: no (request r1)",
    );
    expect(seen).toHaveLength(1);
  });

  it("looks before it makes a second one", async () => {
    const { api, seen } = await script(hangUp, json(200, {}));
    const made = await api.create(
      "/v2/vpcs",
      { name: "net" },
      async () => ({ vpc: { id: "first" } }),
      signal,
    );
    expect(made).toEqual({ vpc: { id: "first" } });
    expect(seen).toEqual(["POST /v2/vpcs"]);
  });

  it("makes it when the lost request made nothing", async () => {
    const { api, seen } = await script(hangUp, json(201, { vpc: { id: "second" } }));
    expect(await api.create("/v2/vpcs", {}, async () => undefined, signal)).toEqual({
      vpc: { id: "second" },
    });
    expect(seen).toEqual(["POST /v2/vpcs", "POST /v2/vpcs"]);
  });

  it("gives up in the end, and says where it asked", async () => {
    const { api, endpoint } = await script(hangUp);
    const failure = await api.get("/v2/account", signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(String(failure)).toContain(`${endpoint} did not answer in 4 attempts`);
  });

  it("stops at once when it is told to", async () => {
    const { api } = await script(() => undefined);
    const stop = new AbortController();
    const asked = api.get("/v2/account", stop.signal);
    stop.abort();
    await expect(asked).rejects.toThrow();
  });

  it("reads every page", async () => {
    const full = Array.from({ length: 200 }, (_, id) => ({ id }));
    const { api, seen } = await script(json(200, { tags: full }), json(200, { tags: [{ id: 200 }] }));
    expect(await api.list("/v2/tags?x=1", "tags", signal)).toHaveLength(201);
    expect(seen).toEqual(["GET /v2/tags?x=1&page=1&per_page=200", "GET /v2/tags?x=1&page=2&per_page=200"]);
  });

  it("takes what is gone for deleted", async () => {
    const { api } = await script(json(404, { id: "not_found", message: "gone" }));
    await expect(api.delete("/v2/vpcs/1", signal)).resolves.toBeUndefined();
    expect(await api.find("/v2/vpcs/1", signal)).toBeUndefined();
  });
});
