import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

interface DnsRecord {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly data: string;
}

describe("domains", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
    await cloud.ok("POST", "/v2/domains", { name: "example.com", ip_address: "203.0.113.1" });
  });
  afterEach(() => cloud.close());

  const records = "/v2/domains/example.com/records";
  const add = async (record: object) =>
    (await cloud.ok<{ domain_record: DnsRecord }>("POST", records, record)).domain_record;

  it("begin with their name servers and go with their records", async () => {
    const { domain_records: own } = await cloud.ok<{ domain_records: DnsRecord[] }>("GET", records);
    expect(own.map(({ type }) => type)).toEqual(["SOA", "NS", "NS", "NS", "A"]);
    const { domain } = await cloud.ok<{ domain: { zone_file: string } }>("GET", "/v2/domains/example.com");
    expect(domain.zone_file).toContain("example.com. 1800 IN A 203.0.113.1");
    await cloud.refusal(422, "POST", "/v2/domains", { name: "example.com" });
    await cloud.ok("DELETE", "/v2/domains/example.com");
    await cloud.refusal(404, "GET", records);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("take records as Go clients send them: with zeros for what the type does not have", async () => {
    const zeros = { priority: 0, port: 0, weight: 0, flags: 0 };
    const a = await add({ type: "A", name: "api", data: "203.0.113.2", ttl: 300, ...zeros });
    expect(a).toMatchObject({ name: "api", data: "203.0.113.2", ttl: 300, priority: null, flags: null });
    const cname = await add({ type: "CNAME", name: "www.example.com", data: "example.com.", ...zeros });
    expect(cname).toMatchObject({ name: "www", data: "example.com" });
    const caa = await add({ type: "CAA", name: "@", data: "letsencrypt.org.", ...zeros, tag: "issue" });
    expect(caa).toMatchObject({ data: "letsencrypt.org", flags: 0, tag: "issue", priority: null });
    expect(
      await add({ type: "MX", name: "@", data: "mail.example.com.", ...zeros, priority: 10 }),
    ).toMatchObject({
      priority: 10,
    });
    const page = await cloud.ok<{ domain_records: DnsRecord[] }>(
      "GET",
      `${records}?type=A&name=api.example.com`,
    );
    expect(page.domain_records).toEqual([a]);
  });

  it("change and delete records", async () => {
    const { id } = await add({ type: "CNAME", name: "www", data: "a.example.com." });
    expect(await cloud.ok("PUT", `${records}/${id}`, { ttl: 60 })).toMatchObject({
      domain_record: { ttl: 60, data: "a.example.com" },
    });
    expect(await cloud.ok("PATCH", `${records}/${id}`, { data: "b.example.com." })).toMatchObject({
      domain_record: { ttl: 60, data: "b.example.com" },
    });
    await cloud.ok("DELETE", `${records}/${id}`);
    await cloud.refusal(404, "GET", `${records}/${id}`);
  });

  it.each([
    [{ type: "A", name: "a", data: "not an address" }, "data: "],
    [{ type: "AAAA", name: "a", data: "203.0.113.1" }, "data: "],
    [{ type: "CNAME", name: "a", data: "example.com" }, "ends with a dot"],
    [{ type: "MX", name: "@", data: "mail.example.com." }, "priority: "],
    [{ type: "SRV", name: "_a._tcp", data: "b.", priority: 1, weight: 1 }, "port: "],
    [{ type: "CAA", name: "@", data: "a.", flags: 0, tag: "issues" }, "tag: "],
    [{ type: "A", name: "-", data: "203.0.113.1" }, "name: "],
    [{ type: "PTR", name: "a", data: "b" }, "type: "],
    [{ type: "A", name: "a", data: "203.0.113.1", ttl: 5 }, "ttl: "],
    [{ type: "CNAME", name: "@", data: "b.example.org." }, "CNAME records cannot share"],
  ])("refuse the record %j", async (record, message) => {
    expect(await cloud.refusal(422, "POST", records, record)).toContain(message);
  });

  it("refuse the same record twice", async () => {
    const record = { type: "TXT", name: "@", data: "v=spf1 -all" };
    await add(record);
    await cloud.refusal(409, "POST", records, record);
  });

  it.each(["example", "-a.com", "a b.com", ""])("are not called %j", async (name) => {
    await cloud.refusal(422, "POST", "/v2/domains", { name });
  });
});
