import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { makeDroplet, makeVpc } from "./support/fixtures.ts";

const http = { entry_protocol: "http", entry_port: 80, target_protocol: "http", target_port: 8080 };
const https = { ...http, entry_protocol: "https", entry_port: 443 };

interface BalancerView {
  id: string;
  ip: string;
  status: string;
  droplet_ids: number[];
  forwarding_rules: object[];
}

describe("load balancers", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const plain = { name: "edge", region: "fra1", forwarding_rules: [http] };
  const create = async (body: object = {}) =>
    (await cloud.ok<{ load_balancer: BalancerView }>("POST", "/v2/load_balancers", { ...plain, ...body }))
      .load_balancer;
  const read = async (id: string) =>
    (await cloud.ok<{ load_balancer: BalancerView }>("GET", `/v2/load_balancers/${id}`)).load_balancer;
  const letsEncrypt = async () => {
    await cloud.ok("POST", "/v2/domains", { name: "example.com" });
    const body = { name: "edge", type: "lets_encrypt", dns_names: ["api.example.com"] };
    return (await cloud.ok<{ certificate: { id: string } }>("POST", "/v2/certificates", body)).certificate.id;
  };

  it("is new without an address, then active with one", async () => {
    const balancer = await create();
    expect(balancer).toMatchObject({ status: "new", ip: "", size_unit: 1, algorithm: "round_robin" });
    cloud.advance(1_000);
    expect(await read(balancer.id)).toMatchObject({
      status: "active",
      ip: expect.stringMatching(/^198\.18\./),
    });
  });

  it("keeps its VPC and its certificate from being deleted", async () => {
    const vpc = await makeVpc(cloud);
    const certificate = await letsEncrypt();
    const balancer = await create({
      vpc_uuid: vpc,
      forwarding_rules: [{ ...https, certificate_id: certificate }],
    });
    expect(await cloud.refusal(409, "DELETE", `/v2/vpcs/${vpc}`)).toContain("load_balancers/edge");
    expect(await cloud.refusal(403, "DELETE", `/v2/certificates/${certificate}`)).toContain(
      "Make sure the certificate is not in use",
    );
    await cloud.ok("DELETE", `/v2/load_balancers/${balancer.id}`);
    await cloud.refusal(404, "GET", `/v2/load_balancers/${balancer.id}`);
    await cloud.ok("DELETE", `/v2/certificates/${certificate}`);
    await cloud.ok("DELETE", `/v2/vpcs/${vpc}`);
  });

  it("finds droplets by id or by tag, and loses those that go", async () => {
    const droplet = await makeDroplet(cloud, { tags: ["web"] });
    const byId = await create({ droplet_ids: [droplet] });
    const byTag = await create({ name: "tagged", tag: "web" });
    expect(byId.droplet_ids).toEqual([droplet]);
    expect(byTag.droplet_ids).toEqual([droplet]);
    await cloud.refusal(422, "POST", `/v2/load_balancers/${byTag.id}/droplets`, { droplet_ids: [droplet] });
    await cloud.ok("DELETE", `/v2/droplets/${droplet}`);
    expect((await read(byId.id)).droplet_ids).toEqual([]);
    expect((await read(byTag.id)).droplet_ids).toEqual([]);
  });

  it("changes droplets and rules one by one, and everything but its place at once", async () => {
    const { id } = await create();
    const droplet = await makeDroplet(cloud);
    const dns = { entry_protocol: "udp", entry_port: 53, target_protocol: "udp", target_port: 53 };
    await cloud.ok("POST", `/v2/load_balancers/${id}/droplets`, { droplet_ids: [droplet] });
    await cloud.ok("POST", `/v2/load_balancers/${id}/forwarding_rules`, { forwarding_rules: [dns] });
    expect(await read(id)).toMatchObject({ droplet_ids: [droplet], forwarding_rules: [http, dns] });
    await cloud.ok("DELETE", `/v2/load_balancers/${id}/droplets`, { droplet_ids: [droplet] });
    await cloud.ok("DELETE", `/v2/load_balancers/${id}/forwarding_rules`, { forwarding_rules: [http] });
    expect(
      await cloud.refusal(422, "DELETE", `/v2/load_balancers/${id}/forwarding_rules`, {
        forwarding_rules: [dns],
      }),
    ).toContain("at least one");
    const update = { ...plain, size_unit: 2, redirect_http_to_https: true, http_idle_timeout_seconds: 120 };
    await cloud.ok("PUT", `/v2/load_balancers/${id}`, update);
    expect(await read(id)).toMatchObject({
      size_unit: 2,
      redirect_http_to_https: true,
      forwarding_rules: [http],
    });
    expect(
      await cloud.refusal(422, "PUT", `/v2/load_balancers/${id}`, { ...plain, region: "ams3" }),
    ).toContain("cannot be changed");
  });

  it.each([
    ["no rules", { forwarding_rules: [] }, "at least one"],
    [
      "a port taken twice",
      { forwarding_rules: [http, { ...http, target_port: 81 }] },
      "forwarding_rules.1.entry_port",
    ],
    ["a port of 0", { forwarding_rules: [{ ...http, entry_port: 0 }] }, "forwarding_rules.0.entry_port"],
    ["HTTPS without a certificate", { forwarding_rules: [https] }, "needs a certificate"],
    [
      "an unknown certificate",
      { forwarding_rules: [{ ...https, certificate_id: "none" }] },
      "no certificate none",
    ],
    [
      "TCP to HTTP",
      { forwarding_rules: [{ ...http, entry_protocol: "tcp" }] },
      "tcp is forwarded to tcp only",
    ],
    ["droplets and a tag", { droplet_ids: [1], tag: "web" }, "either droplet_ids or a tag"],
    ["an unknown droplet", { droplet_ids: [7] }, "no droplet 7"],
    ["an unknown region", { region: "mars1" }, "mars1"],
    ["an unknown VPC", { vpc_uuid: "5a4d9c3e-0000-4000-8000-00000000ffff" }, "no VPC"],
    ["cookies without a name", { sticky_sessions: { type: "cookies" } }, "cookie_name"],
    ["a health check too often", { health_check: { check_interval_seconds: 1 } }, "check_interval_seconds"],
    ["an idle timeout too long", { http_idle_timeout_seconds: 601 }, "http_idle_timeout_seconds"],
    ["HTTP on the network layer", { type: "REGIONAL_NETWORK" }, "tcp and udp only"],
    ["a bad source", { firewall: { allow: ["10.0.0.0/8"] } }, "must read ip:"],
    ["no region", { region: undefined }, "region: is required"],
    ["a misspelt field", { size_units: 2 }, "did you mean size_unit?"],
  ])("refuses %s", async (_what, body, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/load_balancers", { ...plain, ...body })).toContain(message);
  });

  it("refuses a name that is taken, and droplets of elsewhere", async () => {
    await create();
    await cloud.refusal(409, "POST", "/v2/load_balancers", plain);
    const elsewhere = await makeDroplet(cloud, { region: "ams3" });
    expect(
      await cloud.refusal(422, "POST", "/v2/load_balancers", {
        ...plain,
        name: "b",
        droplet_ids: [elsewhere],
      }),
    ).toContain("not in fra1");
  });

  it("can be internal, or global before others", async () => {
    const vpc = await makeVpc(cloud, { ip_range: "10.44.0.0/24" });
    const internal = await create({ network: "INTERNAL", vpc_uuid: vpc });
    cloud.advance(1_000);
    expect((await read(internal.id)).ip).toMatch(/^10\.44\.0\./);
    const global = await create({
      name: "world",
      type: "GLOBAL",
      region: undefined,
      glb_settings: { target_protocol: "http", target_port: 80, cdn: { is_enabled: true } },
      domains: [{ name: "example.com", is_managed: true }],
      target_load_balancer_ids: [internal.id],
    });
    await cloud.ok("DELETE", `/v2/load_balancers/${global.id}/cache`);
    await cloud.refusal(422, "DELETE", `/v2/load_balancers/${internal.id}/cache`);
  });

  it("bears tags, and loses one that is deleted", async () => {
    const { id } = await create({ tags: ["k8s:x", "edge"] });
    await cloud.ok("DELETE", "/v2/tags/edge");
    expect(await read(id)).toMatchObject({ tags: ["k8s:x"] });
  });
});
