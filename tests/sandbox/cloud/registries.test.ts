import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

describe("container registries", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const body = { name: "whisper-staging", subscription_tier_slug: "basic", region: "fra1" };

  it("are made in the single form and read in both", async () => {
    await cloud.refusal(404, "GET", "/v2/registry");
    const { registry } = await cloud.ok<{ registry: object }>("POST", "/v2/registry", body);
    expect(registry).toMatchObject({ name: "whisper-staging", region: "fra1", storage_usage_bytes: 0 });
    expect(await cloud.ok("GET", "/v2/registry")).toEqual({ registry });
    expect(await cloud.ok("GET", "/v2/registries/whisper-staging")).toMatchObject({
      registry: { region: "fra1" },
    });
    expect(await cloud.ok("GET", "/v2/registry/subscription")).toMatchObject({
      subscription: { tier: { slug: "basic", monthly_price_in_cents: 500 } },
    });
    expect(await cloud.ok("GET", "/v2/registry/whisper-staging/repositoriesV2")).toMatchObject({
      repositories: [],
    });
    await cloud.ok("DELETE", "/v2/registry");
    await cloud.refusal(404, "GET", "/v2/registry/subscription");
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("can be several in the named form, all on the account's one subscription", async () => {
    await cloud.ok("POST", "/v2/registries", body);
    await cloud.ok("POST", "/v2/registries", { name: "second" });
    expect(await cloud.ok("GET", "/v2/registries")).toMatchObject({
      registries: [{ name: body.name }, { name: "second" }],
    });
    const other = { ...body, name: "third", subscription_tier_slug: "professional" };
    expect(await cloud.refusal(422, "POST", "/v2/registries", other)).toContain("which is basic");
    await cloud.refusal(422, "POST", "/v2/registry/subscription", { tier_slug: "starter" });
    await cloud.ok("POST", "/v2/registry/subscription", { tier_slug: "professional" });
    await cloud.ok("POST", "/v2/registries", other);
    await cloud.ok("DELETE", "/v2/registries/second");
    await cloud.refusal(404, "GET", "/v2/registries/second");
  });

  it("hand out credentials for docker", async () => {
    await cloud.ok("POST", "/v2/registry", body);
    for (const path of ["/v2/registry", "/v2/registries/whisper-staging"]) {
      const { auths } = await cloud.ok<{ auths: Record<string, { auth: string }> }>(
        "GET",
        `${path}/docker-credentials?read_write=true&expiry_seconds=60`,
      );
      const auth = Buffer.from(auths["registry.digitalocean.com"]?.auth ?? "", "base64").toString();
      expect(auth).toMatch(/^dop_v1_[0-9a-f]{64}:dop_v1_[0-9a-f]{64}$/);
    }
  });

  it("say what they offer and which names are free", async () => {
    expect(await cloud.ok("GET", "/v2/registry/options")).toMatchObject({
      options: { subscription_tiers: [{ slug: "starter" }, { slug: "basic" }, { slug: "professional" }] },
    });
    await cloud.ok("POST", "/v2/registry/validate-name", { name: "free" });
    await cloud.ok("POST", "/v2/registry", body);
    await cloud.refusal(409, "POST", "/v2/registry/validate-name", { name: body.name });
    await cloud.refusal(409, "POST", "/v2/registry", body);
  });

  it("collect garbage", async () => {
    await cloud.ok("POST", "/v2/registry", body);
    const path = `/v2/registry/${body.name}`;
    const started = await cloud.ok<{ garbage_collection: { uuid: string } }>(
      "POST",
      `${path}/garbage-collection`,
    );
    expect(started).toMatchObject({ garbage_collection: { status: "requested" } });
    await cloud.refusal(409, "POST", `${path}/garbage-collection`);
    const { uuid } = started.garbage_collection;
    expect(await cloud.ok("PUT", `${path}/garbage-collection/${uuid}`, { cancel: true })).toMatchObject({
      garbage_collection: { status: "cancelled" },
    });
    await cloud.ok("POST", `${path}/garbage-collection`);
    cloud.advance(1_000);
    await cloud.refusal(404, "GET", `${path}/garbage-collection`);
    expect(await cloud.ok("GET", `${path}/garbage-collections`)).toMatchObject({
      garbage_collections: [{ status: "succeeded" }, { status: "cancelled" }],
    });
  });

  it.each([
    [{ name: "Upper" }, "name: "],
    [{ subscription_tier_slug: "gold" }, "subscription_tier_slug: "],
    [{ region: "tor1" }, "region: "],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/registry", { ...body, ...change })).toContain(message);
  });
});
