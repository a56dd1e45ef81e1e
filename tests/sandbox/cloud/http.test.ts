import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FaultPlan } from "../../../sandbox/faults/plan.ts";
import { type TestCloud, testAdminToken, testCloud, testToken } from "./support/cloud.ts";
import { makeDroplet } from "./support/fixtures.ts";

let cloud: TestCloud;
afterEach(() => cloud.close());

const bearer = { authorization: `Bearer ${testToken}` };

describe("every request", () => {
  beforeEach(async () => {
    cloud = await testCloud();
  });

  it.each([
    ["no token", {}],
    ["another token", { authorization: "Bearer nobody" }],
    ["another scheme", { authorization: `Basic ${testToken}` }],
    ["the admin's token", { authorization: `Bearer ${testAdminToken}` }],
  ])("with %s is not authenticated", async (_what, headers) => {
    const answer = await cloud.app.inject({ method: "GET", url: "/v2/account", headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ id: "unauthorized", message: "Unable to authenticate you" });
    expect(answer.headers["www-authenticate"]).toBeUndefined();
  });

  it("is answered with its id and with what is left of the rate limit", async () => {
    const [first, second] = [
      await cloud.request("GET", "/v2/account"),
      await cloud.request("GET", "/v2/nowhere"),
    ];
    expect(first.headers).toMatchObject({ "ratelimit-limit": "5000", "ratelimit-remaining": "4999" });
    expect(second.headers).toMatchObject({ "ratelimit-remaining": "4998" });
    expect(second.body).toMatchObject({ id: "not_found", request_id: second.headers["x-request-id"] });
    cloud.advance(3_600_000);
    expect((await cloud.request("GET", "/v2/account")).headers).toMatchObject({
      "ratelimit-remaining": "4999",
    });
  });

  it("with a body that is no JSON is a bad request, and with an empty one has none", async () => {
    const send = (payload: string) =>
      cloud.app.inject({
        method: "POST",
        url: "/v2/tags",
        payload,
        headers: { ...bearer, "content-type": "application/json" },
      });
    expect((await send("{")).json()).toMatchObject({ id: "bad_request" });
    expect((await send("")).statusCode).toBe(422);
    expect((await send("[]")).statusCode).toBe(422);
    expect((await send("null")).statusCode).toBe(422);
  });

  it.each(["page=0", "per_page=0", "per_page=201", "page=x"])(
    "for the page ?%s is refused",
    async (query) => {
      await cloud.refusal(422, "GET", `/v2/sizes?${query}`);
    },
  );

  it.each([
    ["/v2/tags/%zz", 400, "bad_request"],
    ["/v2/tags/%ED%A0%80", 400, "bad_request"],
    [`/v2/vpcs/${"a".repeat(2_000)}`, 414, "bad_request"],
  ])("for %s is refused in the API's own form", async (url, status, id) => {
    const answer = await cloud.app.inject({ url, headers: bearer });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual({
      id,
      message: expect.any(String),
      request_id: answer.headers["x-request-id"],
    });
  });

  it.each(["[[[", "a b/c?d#e"])("that calls the server %j is answered", async (host) => {
    const url = "/v2/regions?per_page=1";
    const answer = await cloud.app.inject({ url, headers: { ...bearer, host } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().links.pages.next).toBe("http://127.0.0.1/v2/regions?per_page=1&page=2");
  });

  it("for a page past the end gets an empty one that leads back", async () => {
    expect(await cloud.ok("GET", "/v2/regions?page=9&per_page=10")).toMatchObject({
      regions: [],
      links: { pages: { first: expect.stringContaining("page=1"), prev: expect.stringContaining("page=2") } },
    });
  });

  it("reaches the catalogue's data", async () => {
    const { account } = await cloud.ok<{ account: { status: string } }>("GET", "/v2/account");
    expect(account.status).toBe("active");
    const { sizes } = await cloud.ok<{ sizes: { slug: string }[] }>("GET", "/v2/sizes?per_page=200");
    expect(sizes.map((size) => size.slug)).toContain("gpu-l40sx1-48gb");
    const { images } = await cloud.ok<{ images: { slug: string; id: number }[] }>(
      "GET",
      "/v2/images?type=distribution",
    );
    const [image] = images;
    expect(await cloud.ok("GET", `/v2/images/${image?.slug}`)).toMatchObject({ image: { id: image?.id } });
    expect(await cloud.ok("GET", `/v2/images/${image?.id}`)).toMatchObject({ image: { slug: image?.slug } });
    await cloud.refusal(403, "DELETE", `/v2/images/${image?.id}`);
  });

  it("is refused past the rate limit where that is enforced", async () => {
    await cloud.close();
    cloud = await testCloud({ rateLimit: { requestsPerHour: 1, enforced: true } });
    await cloud.ok("GET", "/v2/account");
    expect(await cloud.refusal(429, "GET", "/v2/account")).toContain("Rate limit");
  });
});

describe("faults", () => {
  const plan = (rule: object) => ({ seed: 1, rules: [rule] });

  it("strike from the start, are changed at run time, and spare the sandbox's own routes", async () => {
    cloud = await testCloud({ faults: new FaultPlan({ rules: [{ status: 503 }] }) });
    await cloud.refusal(503, "GET", "/v2/account");
    expect(await cloud.ok("GET", "/_sandbox/faults")).toMatchObject({ rules: [{ status: 503, struck: 1 }] });
    await cloud.ok("PUT", "/_sandbox/faults", plan({ method: "POST", path: "/v2/tags", status: 429 }));
    await cloud.ok("GET", "/v2/account");
    await cloud.refusal(429, "POST", "/v2/tags", { name: "a" });
    expect(await cloud.ok("GET", "/v2/tags")).toMatchObject({ meta: { total: 0 } });
    await cloud.ok("DELETE", "/_sandbox/faults");
    await cloud.ok("POST", "/v2/tags", { name: "a" });
    await cloud.refusal(422, "PUT", "/_sandbox/faults", plan({}));
  });

  it("are not changed with the API's token, nor without an admin token at all", async () => {
    cloud = await testCloud();
    const change = () => cloud.app.inject({ method: "DELETE", url: "/_sandbox/faults", headers: bearer });
    expect((await change()).statusCode).toBe(401);
    await cloud.close();
    cloud = await testCloud({ adminToken: undefined } as never);
    expect((await change()).statusCode).toBe(404);
  });

  it.each(["/%5Fsandbox/faults", "/_sandbo%78/faults"])(
    "are not shown to the API's token at %s either",
    async (url) => {
      cloud = await testCloud();
      expect((await cloud.app.inject({ url, headers: bearer })).statusCode).toBe(401);
      const admin = { authorization: `Bearer ${testAdminToken}` };
      expect((await cloud.app.inject({ url, headers: admin })).statusCode).toBe(200);
    },
  );

  it("cut connections before a request is carried out, or after", async () => {
    cloud = await testCloud();
    const origin = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
    const create = (name: string) =>
      fetch(`${origin}/v2/tags`, { method: "POST", headers: bearer, body: JSON.stringify({ name }) });
    for (const drop of ["before", "after"]) {
      await cloud.ok("PUT", "/_sandbox/faults", plan({ method: "POST", drop }));
      await expect(create(drop)).rejects.toThrow();
    }
    expect(await cloud.ok("GET", "/v2/tags")).toMatchObject({ tags: [{ name: "after" }] });
  });

  it.each([
    { drop: undefined, meanwhile: [], outcome: "answered 201" },
    { drop: "after", meanwhile: ["held"], outcome: "cut" },
  ])("hold a request until they are cleared: drop $drop", async ({ drop, meanwhile, outcome }) => {
    cloud = await testCloud();
    const origin = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
    await cloud.ok("PUT", "/_sandbox/faults", plan({ method: "POST", hold: true, drop }));
    const held = fetch(`${origin}/v2/tags`, {
      method: "POST",
      headers: bearer,
      body: JSON.stringify({ name: "held" }),
    }).then(
      ({ status }) => `answered ${status}`,
      () => "cut",
    );
    const tags = async () =>
      (await cloud.ok<{ tags: { name: string }[] }>("GET", "/v2/tags")).tags.map(({ name }) => name);
    const struck = () => cloud.ok("GET", "/_sandbox/faults");
    await expect.poll(struck, { timeout: 15_000 }).toMatchObject({ rules: [{ struck: 1 }] });
    await expect.poll(tags, { timeout: 15_000 }).toEqual(meanwhile);
    await cloud.ok("DELETE", "/_sandbox/faults");
    expect(await held).toBe(outcome);
    expect(await tags()).toEqual(["held"]);
  });

  it("delay answers", async () => {
    cloud = await testCloud({ faults: new FaultPlan(plan({ latencyMs: 60 })) });
    const began = performance.now();
    await cloud.ok("GET", "/v2/account");
    expect(performance.now() - began).toBeGreaterThan(55);
  });
});

describe("the recording", () => {
  let directory: string;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "recording-"));
    cloud = await testCloud();
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("holds every request and answer, without the token, for its owner only", async () => {
    const file = join(directory, "requests.jsonl");
    await cloud.ok("PUT", "/_sandbox/recording", { file });
    await cloud.ok("POST", "/v2/tags", { name: "a" });
    await cloud.refusal(404, "GET", "/v2/tags/b?x=1");
    await cloud.ok("DELETE", "/v2/tags/a");
    await cloud.ok("DELETE", "/_sandbox/recording");
    await cloud.ok("GET", "/v2/tags");
    const text = readFileSync(file, "utf8");
    const exchanges = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(exchanges).toMatchObject([
      {
        service: "api",
        method: "POST",
        url: "/v2/tags",
        requestBody: { name: "a" },
        status: 201,
        responseBody: { tag: { name: "a" } },
      },
      { method: "GET", url: "/v2/tags/b?x=1", status: 404, responseBody: { id: "not_found" } },
      { method: "DELETE", url: "/v2/tags/a", status: 204 },
    ]);
    expect(text).not.toContain(testToken);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("holds no secret that was asked for or given", async () => {
    const file = join(directory, "requests.jsonl");
    await cloud.ok("PUT", "/_sandbox/recording", { file });
    const { key } = await cloud.ok<{ key: { secret_key: string } }>("POST", "/v2/spaces/keys", {
      name: "backup",
      grants: [],
    });
    await makeDroplet(cloud, { user_data: "#cloud-config\npassword: hunter2\n" });
    const text = readFileSync(file, "utf8");
    expect(text).toContain('"secret_key":"[secret]"');
    for (const secret of [key.secret_key, "hunter2"]) expect(text).not.toContain(secret);
  });

  it("tells of connections that were cut, and of what the client did not hear", async () => {
    const file = join(directory, "requests.jsonl");
    await cloud.ok("PUT", "/_sandbox/recording", { file });
    await cloud.ok("PUT", "/_sandbox/faults", { rules: [{ method: "POST", drop: "after" }] });
    const origin = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
    const body = JSON.stringify({ name: "a" });
    await expect(fetch(`${origin}/v2/tags`, { method: "POST", headers: bearer, body })).rejects.toThrow();
    await expect.poll(() => readFileSync(file, "utf8")).toContain('"method":"POST"');
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      status: 0,
      requestBody: { name: "a" },
      responseBody: { tag: { name: "a" } },
    });
  });

  it("survives a body without end, and a disk that takes no more", async () => {
    await cloud.ok("PUT", "/_sandbox/recording", { file: "/dev/full" });
    await cloud.ok("GET", "/v2/account");
    expect(await cloud.ok("GET", "/_sandbox/recording")).toEqual({ file: null });
    const file = join(directory, "requests.jsonl");
    await cloud.ok("PUT", "/_sandbox/recording", { file });
    const payload = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    await cloud.app.inject({ method: "POST", url: "/v2/tags", headers: bearer, payload });
    expect(readFileSync(file, "utf8")).toContain("[nested deeper]");
  });

  it("is not begun without a path", async () => {
    await cloud.refusal(422, "PUT", "/_sandbox/recording", { file: "requests.jsonl" });
    expect(await cloud.ok("GET", "/_sandbox/recording")).toEqual({ file: null });
    expect(existsSync("requests.jsonl")).toBe(false);
  });
});
