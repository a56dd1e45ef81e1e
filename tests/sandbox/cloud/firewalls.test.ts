import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { makeDroplet } from "./support/fixtures.ts";

const ssh = { protocol: "tcp", ports: "22", sources: { addresses: ["203.0.113.0/24"] } };
const out = { protocol: "tcp", ports: "all", destinations: { addresses: ["0.0.0.0/0", "::/0"] } };

describe("firewalls", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const create = async (body: object = {}) =>
    (
      await cloud.ok<{ firewall: { id: string } }>("POST", "/v2/firewalls", {
        name: "workers",
        inbound_rules: [ssh],
        outbound_rules: [out],
        ...body,
      })
    ).firewall.id;
  const read = async (id: string) =>
    (await cloud.ok<{ firewall: object }>("GET", `/v2/firewalls/${id}`)).firewall;

  it("waits, then succeeds; all ports and ICMP read 0", async () => {
    const id = await create({
      inbound_rules: [ssh, { protocol: "icmp", sources: { addresses: ["0.0.0.0/0"] } }],
    });
    expect(await read(id)).toMatchObject({
      status: "waiting",
      inbound_rules: [{ ports: "22" }, { protocol: "icmp", ports: "0" }],
      outbound_rules: [{ ports: "0" }],
    });
    cloud.advance(1_000);
    expect(await read(id)).toMatchObject({ status: "succeeded", pending_changes: [] });
  });

  it("holds for droplets and tags, and lets go of what is gone", async () => {
    const droplet = await makeDroplet(cloud, { tags: ["web"] });
    const id = await create({ droplet_ids: [droplet], tags: ["web"] });
    expect(await cloud.ok("GET", `/v2/droplets/${droplet}/firewalls`)).toMatchObject({ firewalls: [{ id }] });
    await cloud.ok("DELETE", "/v2/tags/web");
    await cloud.ok("DELETE", `/v2/droplets/${droplet}`);
    expect(await read(id)).toMatchObject({ droplet_ids: [], tags: [] });
  });

  it("changes its droplets, tags and rules one by one, and all at once", async () => {
    const id = await create();
    const droplet = await makeDroplet(cloud);
    await cloud.ok("POST", "/v2/tags", { name: "web" });
    await cloud.ok("POST", `/v2/firewalls/${id}/droplets`, { droplet_ids: [droplet] });
    await cloud.ok("POST", `/v2/firewalls/${id}/tags`, { tags: ["web"] });
    const https = { protocol: "tcp", ports: "443", sources: { tags: ["web"] } };
    await cloud.ok("POST", `/v2/firewalls/${id}/rules`, { inbound_rules: [https] });
    expect(await read(id)).toMatchObject({
      droplet_ids: [droplet],
      tags: ["web"],
      inbound_rules: [ssh, https],
    });
    await cloud.ok("DELETE", `/v2/firewalls/${id}/droplets`, { droplet_ids: [droplet] });
    await cloud.ok("DELETE", `/v2/firewalls/${id}/tags`, { tags: ["web"] });
    await cloud.ok("DELETE", `/v2/firewalls/${id}/rules`, { inbound_rules: [ssh], outbound_rules: [out] });
    expect(await read(id)).toMatchObject({
      droplet_ids: [],
      tags: [],
      inbound_rules: [https],
      outbound_rules: [],
    });
    const all = {
      name: "renamed",
      inbound_rules: [ssh],
      outbound_rules: null,
      droplet_ids: null,
      tags: null,
    };
    await cloud.ok("PUT", `/v2/firewalls/${id}`, all);
    expect(await read(id)).toMatchObject({ name: "renamed", inbound_rules: [ssh], outbound_rules: [] });
    await cloud.ok("DELETE", `/v2/firewalls/${id}`);
    await cloud.refusal(404, "GET", `/v2/firewalls/${id}`);
  });

  it.each([
    ["no rules at all", { inbound_rules: [], outbound_rules: [] }, "at least one"],
    ["a port past the last", { inbound_rules: [{ ...ssh, ports: "70000" }] }, "inbound_rules.0.ports"],
    ["a range backwards", { inbound_rules: [{ ...ssh, ports: "90-80" }] }, "inbound_rules.0.ports"],
    [
      "no ports for TCP",
      { inbound_rules: [{ protocol: "tcp", sources: ssh.sources }] },
      "inbound_rules.0.ports",
    ],
    ["an unknown protocol", { inbound_rules: [{ ...ssh, protocol: "sctp" }] }, "inbound_rules.0.protocol"],
    [
      "a bad address",
      { inbound_rules: [{ ...ssh, sources: { addresses: ["10.0.0.0/33"] } }] },
      "addresses.0",
    ],
    ["no source", { inbound_rules: [{ ...ssh, sources: {} }] }, "at least one address"],
    ["the same rule twice", { inbound_rules: [ssh, ssh] }, "inbound_rules.1: duplicates"],
    ["an unknown droplet", { droplet_ids: [7] }, "no droplet 7"],
    ["an unknown tag", { tags: ["nobody"] }, "no tag nobody"],
    [
      "an unknown load balancer",
      { inbound_rules: [{ ...ssh, sources: { load_balancer_uids: ["x"] } }] },
      "x does not exist",
    ],
    ["a misspelt field", { inbound_rule: [ssh] }, "did you mean inbound_rules?"],
  ])("refuses %s", async (_what, body, message) => {
    const request = { name: "workers", inbound_rules: [ssh], ...body };
    expect(await cloud.refusal(422, "POST", "/v2/firewalls", request)).toContain(message);
  });

  it("refuses a name that is taken", async () => {
    await create();
    await cloud.refusal(409, "POST", "/v2/firewalls", { name: "workers", inbound_rules: [ssh] });
  });
});
