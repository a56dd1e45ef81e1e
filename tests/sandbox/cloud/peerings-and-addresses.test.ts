import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { makeDroplet, makeVpc } from "./support/fixtures.ts";

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

describe("VPC peerings", () => {
  it("join two VPCs, which stay as long as they do", async () => {
    const [here, there] = [await makeVpc(cloud), await makeVpc(cloud, { name: "other", region: "nyc3" })];
    const request = { name: "peers", vpc_ids: [here, there] };
    const { vpc_peering: peering } = await cloud.ok<{ vpc_peering: { id: string; status: string } }>(
      "POST",
      "/v2/vpc_peerings",
      request,
    );
    expect(peering.status).toBe("PROVISIONING");
    cloud.advance(1_000);
    expect(await cloud.ok("GET", `/v2/vpcs/${there}/peerings`)).toMatchObject({
      peerings: [{ id: peering.id, name: "peers", status: "ACTIVE" }],
    });
    await cloud.refusal(409, "POST", `/v2/vpcs/${there}/peerings`, { name: "again", vpc_id: here });
    await cloud.refusal(422, "POST", "/v2/vpc_peerings", { name: "self", vpc_ids: [here, here] });
    expect(await cloud.refusal(409, "DELETE", `/v2/vpcs/${here}`)).toContain("peers");
    await cloud.ok("PATCH", `/v2/vpcs/${here}/peerings/${peering.id}`, { name: "renamed" });
    expect(await cloud.ok("GET", "/v2/vpc_peerings?region=nyc3")).toMatchObject({
      vpc_peerings: [{ name: "renamed" }],
    });
    expect(await cloud.ok("DELETE", `/v2/vpc_peerings/${peering.id}`)).toMatchObject({
      vpc_peering: { status: "DELETING" },
    });
    await cloud.ok("DELETE", `/v2/vpcs/${here}`);
  });
});

describe("addresses", () => {
  it("are the same under their old name, floating IPs", async () => {
    const droplet_id = await makeDroplet(cloud);
    const { floating_ip: made } = await cloud.ok<{ floating_ip: { ip: string } }>(
      "POST",
      "/v2/floating_ips",
      {
        region: "fra1",
      },
    );
    await cloud.ok("POST", `/v2/floating_ips/${made.ip}/actions`, { type: "assign", droplet_id });
    expect(await cloud.ok("GET", `/v2/reserved_ips/${made.ip}`)).toMatchObject({
      reserved_ip: { ip: made.ip, droplet: { id: droplet_id } },
    });
    await cloud.ok("DELETE", `/v2/floating_ips/${made.ip}`);
    await cloud.refusal(404, "GET", `/v2/reserved_ips/${made.ip}`);
  });

  it("of IPv6 are for droplets that have it, one each", async () => {
    const [plain, sixth] = [await makeDroplet(cloud), await makeDroplet(cloud, { ipv6: true })];
    const reserve = async () =>
      (
        await cloud.ok<{ reserved_ipv6: { ip: string } }>("POST", "/v2/reserved_ipv6", {
          region_slug: "fra1",
        })
      ).reserved_ipv6.ip;
    const [first, second] = [await reserve(), await reserve()];
    const assign = (droplet_id: number) => ({ type: "assign", droplet_id });
    await cloud.refusal(422, "POST", `/v2/reserved_ipv6/${first}/actions`, assign(plain));
    await cloud.ok("POST", `/v2/reserved_ipv6/${first}/actions`, assign(sixth));
    await cloud.refusal(422, "POST", `/v2/reserved_ipv6/${second}/actions`, assign(sixth));
    await cloud.ok("DELETE", `/v2/droplets/${sixth}`);
    expect(await cloud.ok("GET", `/v2/reserved_ipv6/${first}`)).toMatchObject({
      reserved_ipv6: { droplet: null },
    });
  });
});
