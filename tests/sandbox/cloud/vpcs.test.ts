import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Vpc } from "../../../sandbox/cloud/families/vpcs.ts";
import { type TestCloud, testCloud } from "./support/cloud.ts";

describe("VPCs", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const create = async (body: object) => (await cloud.ok<{ vpc: Vpc }>("POST", "/v2/vpcs", body)).vpc;

  it("creates, reads, lists, updates and deletes one", async () => {
    const vpc = await create({ name: "staging", region: "fra1", ip_range: "10.10.0.0/20" });
    expect(vpc).toMatchObject({ name: "staging", region: "fra1", ip_range: "10.10.0.0/20", default: false });
    expect(vpc.urn).toBe(`do:vpc:${vpc.id}`);
    expect(await cloud.ok("GET", `/v2/vpcs/${vpc.id}`)).toEqual({ vpc });
    expect(await cloud.ok("GET", "/v2/vpcs")).toEqual({ vpcs: [vpc], links: {}, meta: { total: 1 } });
    expect(await cloud.ok("PATCH", `/v2/vpcs/${vpc.id}`, { description: "x" })).toMatchObject({
      vpc: { name: "staging", description: "x" },
    });
    expect(await cloud.ok("PUT", `/v2/vpcs/${vpc.id}`, { name: "renamed" })).toMatchObject({
      vpc: { name: "renamed", description: "x" },
    });
    expect((await cloud.request("DELETE", `/v2/vpcs/${vpc.id}`)).status).toBe(204);
    await cloud.refusal(404, "GET", `/v2/vpcs/${vpc.id}`);
    await cloud.refusal(404, "DELETE", `/v2/vpcs/${vpc.id}`);
  });

  it("chooses a range that nobody has when none is named", async () => {
    const first = await create({ name: "one", region: "fra1" });
    const second = await create({ name: "two", region: "ams3" });
    expect(first.ip_range).toMatch(/\/20$/);
    expect(second.ip_range).not.toBe(first.ip_range);
  });

  it.each([
    ["not CIDR", "10.10.0.0", "CIDR"],
    ["bits beyond the prefix", "10.10.0.1/20", "CIDR"],
    ["public", "8.8.0.0/20", "RFC 1918"],
    ["too large", "10.0.0.0/15", "/16"],
    ["too small", "10.0.0.0/29", "/28"],
    ["reserved", "10.245.16.0/20", "reserved"],
    ["taken", "10.10.128.0/20", "overlaps with 10.10.0.0/16 of the VPC first"],
  ])("refuses a range that is %s", async (_why, ip_range, message) => {
    await create({ name: "first", region: "fra1", ip_range: "10.10.0.0/16" });
    expect(
      await cloud.refusal(422, "POST", "/v2/vpcs", { name: "second", region: "fra1", ip_range }),
    ).toContain(message);
  });

  it("names every fault of a request at once", async () => {
    const message = await cloud.refusal(422, "POST", "/v2/vpcs", { name: "a b", regoin: "fra1" });
    expect(message).toContain("name: may hold letters");
    expect(message).toContain("region: ");
    expect(message).toContain("regoin: unknown field, did you mean region?");
  });

  it("refuses an unknown region and a name that is taken", async () => {
    expect(await cloud.refusal(422, "POST", "/v2/vpcs", { name: "a", region: "mars1" })).toContain("mars1");
    await create({ name: "a", region: "fra1" });
    expect(await cloud.refusal(409, "POST", "/v2/vpcs", { name: "a", region: "fra1" })).toContain(
      "already exists",
    );
  });

  it("has one default a region, which cannot be deleted", async () => {
    const one = await create({ name: "one", region: "fra1" });
    const two = await create({ name: "two", region: "fra1" });
    await cloud.ok("PATCH", `/v2/vpcs/${one.id}`, { default: true });
    await cloud.ok("PATCH", `/v2/vpcs/${two.id}`, { default: true });
    expect(await cloud.ok("GET", `/v2/vpcs/${one.id}`)).toMatchObject({ vpc: { default: false } });
    await cloud.refusal(403, "DELETE", `/v2/vpcs/${two.id}`);
  });

  it("survives a restart", async () => {
    const vpc = await create({ name: "kept", region: "fra1" });
    await cloud.restart();
    expect(await cloud.ok("GET", `/v2/vpcs/${vpc.id}`)).toEqual({ vpc });
  });

  it("is in the inventory until it is deleted", async () => {
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
    const vpc = await create({ name: "seen", region: "fra1" });
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toMatchObject({
      vpcs: [{ id: vpc.id, name: "seen" }],
    });
    await cloud.ok("DELETE", `/v2/vpcs/${vpc.id}`);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });
});
