import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { makeDroplet, makeVpc } from "./support/fixtures.ts";

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

describe("NAT gateways", () => {
  const create = async (body: object = {}) => {
    const request = { name: "out", type: "PUBLIC", region: "fra1", size: 1, ...body };
    return (await cloud.ok<{ vpc_nat_gateway: { id: string } }>("POST", "/v2/vpc_nat_gateways", request))
      .vpc_nat_gateway.id;
  };

  it("is NEW, then ACTIVE with an address, and keeps its VPC", async () => {
    const vpc = await makeVpc(cloud);
    const id = await create({ vpcs: [{ vpc_uuid: vpc, default_gateway: true }] });
    expect(await cloud.ok("GET", `/v2/vpc_nat_gateways/${id}`)).toMatchObject({
      vpc_nat_gateway: { state: "NEW" },
    });
    cloud.advance(1_000);
    expect(
      await cloud.ok("GET", "/v2/vpc_nat_gateways?state=active&name=out&region=fra1&type=public"),
    ).toMatchObject({
      vpc_nat_gateways: [
        {
          state: "ACTIVE",
          tcp_timeout_seconds: 300,
          vpcs: [{ vpc_uuid: vpc, default_gateway: true }],
          egresses: { public_gateways: [{ ipv4: expect.stringMatching(/^198\.18\./) }] },
        },
      ],
    });
    await cloud.refusal(409, "DELETE", `/v2/vpcs/${vpc}`);
    await cloud.ok("PUT", `/v2/vpc_nat_gateways/${id}`, { name: "out", size: 2, tcp_timeout_seconds: 60 });
    expect(await cloud.ok("GET", `/v2/vpc_nat_gateways/${id}`)).toMatchObject({
      vpc_nat_gateway: { size: 2, tcp_timeout_seconds: 60, udp_timeout_seconds: 30 },
    });
    expect((await cloud.request("DELETE", `/v2/vpc_nat_gateways/${id}`)).status).toBe(202);
    await cloud.refusal(404, "GET", `/v2/vpc_nat_gateways/${id}`);
    await cloud.ok("DELETE", `/v2/vpcs/${vpc}`);
  });

  it("refuses what cannot be", async () => {
    const vpc = await makeVpc(cloud);
    const plain = { name: "out", type: "PUBLIC", region: "fra1", size: 1, vpcs: [{ vpc_uuid: vpc }] };
    await create({ vpcs: plain.vpcs });
    await cloud.refusal(409, "POST", "/v2/vpc_nat_gateways", plain);
    for (const body of [
      { type: "PRIVATE" },
      { size: 0 },
      { vpcs: [] },
      { region: "mars1" },
      { region: "ams3" },
    ]) {
      await cloud.refusal(422, "POST", "/v2/vpc_nat_gateways", { ...plain, name: "other", ...body });
    }
  });
});

describe("reserved IPs", () => {
  interface Answer {
    reserved_ip: { ip: string; droplet: { id: number } | null };
  }
  const reserve = async (body: object) =>
    (await cloud.ok<Answer>("POST", "/v2/reserved_ips", body)).reserved_ip.ip;

  it("leads to one droplet after another, and outlives them", async () => {
    const [first, second] = [await makeDroplet(cloud), await makeDroplet(cloud)];
    const ip = await reserve({ droplet_id: first });
    const act = (action: object) =>
      cloud.ok<{ action: { id: number } }>("POST", `/v2/reserved_ips/${ip}/actions`, action);
    const { action } = await act({ type: "unassign" });
    cloud.advance(1_000);
    expect(await cloud.ok("GET", `/v2/reserved_ips/${ip}/actions/${action.id}`)).toMatchObject({
      action: { status: "completed" },
    });
    await act({ type: "assign", droplet_id: second });
    expect(await cloud.ok("GET", `/v2/reserved_ips/${ip}`)).toMatchObject({
      reserved_ip: { droplet: { id: second } },
    });
    await cloud.ok("DELETE", `/v2/droplets/${second}`);
    expect((await cloud.ok<Answer>("GET", `/v2/reserved_ips/${ip}`)).reserved_ip.droplet).toBeNull();
    await cloud.ok("GET", "/v2/reserved_ips");
    await cloud.ok("DELETE", `/v2/reserved_ips/${ip}`);
    await cloud.refusal(404, "GET", `/v2/reserved_ips/${ip}`);
  });

  it("refuses what cannot be", async () => {
    const droplet = await makeDroplet(cloud);
    const ip = await reserve({ region: "ams3" });
    const refuse = (body: object) => cloud.refusal(422, "POST", "/v2/reserved_ips", body);
    expect(await refuse({})).toContain("either a region or a droplet_id");
    expect(await refuse({ region: "fra1", droplet_id: droplet })).toContain("either");
    expect(await refuse({ region: "mars1" })).toContain("mars1");
    expect(await refuse({ droplet_id: 7 })).toContain("no droplet 7");
    const assign = { type: "assign", droplet_id: droplet };
    expect(await cloud.refusal(422, "POST", `/v2/reserved_ips/${ip}/actions`, assign)).toContain("in fra1");
    await reserve({ droplet_id: droplet });
    expect(await refuse({ droplet_id: droplet })).toContain("already has");
    expect(
      await cloud.refusal(422, "POST", `/v2/reserved_ips/${ip}/actions`, { type: "unassign" }),
    ).toContain("not assigned");
  });
});
