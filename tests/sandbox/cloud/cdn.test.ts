import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bucketCollection } from "../../../sandbox/spaces/admin.ts";
import { type TestCloud, testCloud } from "./support/cloud.ts";

const origin = "media.fra1.digitaloceanspaces.com";

describe("CDN endpoints", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
    bucketCollection(cloud.store).put("media", {
      name: "media",
      region: "fra1",
      createdAt: "2026-11-21T09:00:00.000Z",
      acl: "private",
    });
  });
  afterEach(() => cloud.close());

  const create = async (change: object = {}) =>
    (await cloud.ok<{ endpoint: { id: string } }>("POST", "/v2/cdn/endpoints", { origin, ...change }))
      .endpoint;

  it("are made before a bucket, changed, purged and deleted", async () => {
    const endpoint = await create({ ttl: 600 });
    expect(endpoint).toMatchObject({ origin, endpoint: "media.fra1.cdn.digitaloceanspaces.com", ttl: 600 });
    const path = `/v2/cdn/endpoints/${endpoint.id}`;
    expect(await cloud.ok("GET", path)).toEqual({ endpoint });
    expect(await cloud.ok("GET", "/v2/cdn/endpoints")).toMatchObject({ endpoints: [endpoint] });
    expect(await cloud.ok("PUT", path, { ttl: 3600 })).toMatchObject({ endpoint: { ttl: 3600 } });
    await cloud.ok("DELETE", `${path}/cache`, { files: ["*"] });
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", path);
  });

  it("take a domain with its certificate, and give it back", async () => {
    await cloud.ok("POST", "/v2/domains", { name: "example.com" });
    const { certificate } = await cloud.ok<{ certificate: { id: string } }>("POST", "/v2/certificates", {
      name: "static",
      type: "lets_encrypt",
      dns_names: ["static.example.com"],
    });
    cloud.advance(1_000);
    const domain = { custom_domain: "static.example.com", certificate_id: certificate.id };
    const endpoint = await create(domain);
    expect(endpoint).toMatchObject(domain);
    const inUse = await cloud.request("DELETE", `/v2/certificates/${certificate.id}`);
    expect(inUse.status).toBeGreaterThanOrEqual(400);
    const path = `/v2/cdn/endpoints/${endpoint.id}`;
    const after = await cloud.ok<{ endpoint: object }>("PUT", path, {
      custom_domain: "",
      certificate_id: "",
    });
    expect(after.endpoint).not.toHaveProperty("custom_domain");
    await cloud.ok("DELETE", `/v2/certificates/${certificate.id}`);
  });

  it.each([
    [{ origin: "https://media" }, "origin: "],
    [{ origin: "media.nyc3.digitaloceanspaces.com" }, "there is no bucket media in nyc3"],
    [{ ttl: 61 }, "ttl: "],
    [{ custom_domain: "static.example.com" }, "certificate_id: "],
    [
      { certificate_id: "00000000-0000-4000-8000-000000000000", custom_domain: "a.example.com" },
      "no certificate",
    ],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/cdn/endpoints", { origin, ...change })).toContain(message);
  });

  it("are one for a bucket", async () => {
    await create();
    await cloud.refusal(409, "POST", "/v2/cdn/endpoints", { origin });
  });
});
