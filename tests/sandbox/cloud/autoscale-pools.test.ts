import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { makeSshKey, makeVpc } from "./support/fixtures.ts";

interface PoolView {
  id: string;
  active_resources_count: number;
}

describe("droplet autoscale pools", () => {
  let cloud: TestCloud;
  let key: string;
  beforeEach(async () => {
    cloud = await testCloud();
    key = (await makeSshKey(cloud)).fingerprint;
  });
  afterEach(() => cloud.close());

  const request = (body: object = {}, template: object = {}) => ({
    name: "gpu",
    config: { target_number_instances: 2 },
    droplet_template: {
      region: "tor1",
      size: "gpu-l40sx1-48gb",
      image: "gpu-h100x1-base",
      ssh_keys: [key],
      tags: ["gpu"],
      user_data: "#cloud-config\n",
      ...template,
    },
    ...body,
  });
  const create = async (body: object = {}, template: object = {}) =>
    (await cloud.ok<{ autoscale_pool: PoolView }>("POST", "/v2/droplets/autoscale", request(body, template)))
      .autoscale_pool.id;
  const members = async (id: string) =>
    (
      await cloud.ok<{ droplets: { droplet_id: number; status: string }[] }>(
        "GET",
        `/v2/droplets/autoscale/${id}/members`,
      )
    ).droplets;

  it("makes its droplets, which become active", async () => {
    const id = await create();
    expect((await members(id)).map((member) => member.status)).toEqual(["provisioning", "provisioning"]);
    cloud.advance(1_000);
    expect((await members(id)).map((member) => member.status)).toEqual(["active", "active"]);
    expect(await cloud.ok("GET", `/v2/droplets/autoscale/${id}`)).toMatchObject({
      autoscale_pool: { status: "active", active_resources_count: 2 },
    });
    expect(await cloud.ok("GET", "/v2/droplets?tag_name=gpu")).toMatchObject({ meta: { total: 2 } });
    expect(await cloud.ok("GET", "/v2/droplets/autoscale?name=gpu")).toMatchObject({ meta: { total: 1 } });
    expect(await cloud.ok("GET", `/v2/droplets/autoscale/${id}/history`)).toMatchObject({
      history: [{ desired_instance_count: 2, status: "success" }],
    });
  });

  it("grows, shrinks and makes up for a member that is gone", async () => {
    const id = await create();
    const before = (await members(id)).map((member) => member.droplet_id);
    await cloud.ok(
      "PUT",
      `/v2/droplets/autoscale/${id}`,
      request({ config: { target_number_instances: 4 } }),
    );
    expect(await members(id)).toHaveLength(4);
    await cloud.ok(
      "PUT",
      `/v2/droplets/autoscale/${id}`,
      request({ config: { target_number_instances: 1 } }),
    );
    expect((await members(id)).map((member) => member.droplet_id)).toEqual(before.slice(0, 1));
    await cloud.ok("DELETE", `/v2/droplets/${before[0]}`);
    const [substitute] = await members(id);
    expect(substitute?.droplet_id).not.toBe(before[0]);
  });

  it("replaces its droplets when their template changes, and not otherwise", async () => {
    const id = await create();
    const before = (await members(id)).map((member) => member.droplet_id);
    await cloud.ok("PUT", `/v2/droplets/autoscale/${id}`, request({ name: "renamed" }));
    expect((await members(id)).map((member) => member.droplet_id)).toEqual(before);
    await cloud.ok("PUT", `/v2/droplets/autoscale/${id}`, request({}, { user_data: "#cloud-config\n# 2\n" }));
    const after = (await members(id)).map((member) => member.droplet_id);
    expect(after).toHaveLength(2);
    expect(after.some((droplet) => before.includes(droplet))).toBe(false);
  });

  it("goes with its droplets, or leaves them", async () => {
    const kept = await create();
    await cloud.ok("DELETE", `/v2/droplets/autoscale/${kept}`);
    expect(await cloud.ok("GET", "/v2/droplets")).toMatchObject({ meta: { total: 2 } });
    await cloud.ok("DELETE", "/v2/droplets?tag_name=gpu");
    const gone = await create();
    await cloud.ok("DELETE", `/v2/droplets/autoscale/${gone}/dangerous`);
    // By these words the vendor's plugin knows that a delete is done.
    expect(await cloud.refusal(404, "GET", `/v2/droplets/autoscale/${gone}`)).toContain(
      `autoscale group with id ${gone} not found`,
    );
    expect(await cloud.ok("GET", "/v2/droplets")).toMatchObject({ meta: { total: 0 } });
  });

  it("stays as it is when its VPC has no room for its growth", async () => {
    const vpc_uuid = await makeVpc(cloud, { region: "tor1", ip_range: "10.9.0.0/28" });
    const id = await create({}, { vpc_uuid });
    const larger = request({ config: { target_number_instances: 14 } }, { vpc_uuid });
    await cloud.refusal(422, "PUT", `/v2/droplets/autoscale/${id}`, larger);
    expect(await members(id)).toHaveLength(2);
    expect(await cloud.ok("GET", `/v2/droplets/autoscale/${id}`)).toMatchObject({
      autoscale_pool: { config: { target_number_instances: 2 } },
    });
  });

  it("is refused whole when its VPC has no room for it", async () => {
    const vpc_uuid = await makeVpc(cloud, { region: "tor1", ip_range: "10.9.0.0/28" });
    const body = request({ config: { target_number_instances: 14 } }, { vpc_uuid });
    expect(await cloud.refusal(422, "POST", "/v2/droplets/autoscale", body)).toContain("no address is left");
    expect(await cloud.ok("GET", "/v2/droplets")).toMatchObject({ meta: { total: 0 } });
  });

  it("takes what Go clients send for nothing", async () => {
    await create(
      {},
      { tags: null, vpc_uuid: "", project_id: "", public_networking: null, with_droplet_agent: false },
    );
  });

  it.each([
    ["no instances", { config: { target_number_instances: 0 } }, {}, "config"],
    [
      "fewer at most than at least",
      { config: { min_instances: 3, max_instances: 2, target_cpu_utilization: 0.5 } },
      {},
      "min_instances",
    ],
    ["no target", { config: { min_instances: 1, max_instances: 2 } }, {}, "target"],
    [
      "both kinds",
      { config: { target_number_instances: 1, min_instances: 1, max_instances: 2 } },
      {},
      "config",
    ],
    ["no SSH key", {}, { ssh_keys: [] }, "droplet_template.ssh_keys"],
    ["an unknown SSH key", {}, { ssh_keys: ["7"] }, "droplet_template.ssh_keys: 7"],
    ["a size of elsewhere", {}, { region: "fra1" }, "droplet_template.size"],
    ["an unknown image", {}, { image: "gpu-h100x1-bas" }, "did you mean gpu-h100x1-base?"],
    ["an unknown VPC", {}, { vpc_uuid: "none" }, "droplet_template.vpc_uuid"],
  ])("refuses %s", async (_what, body, template, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/droplets/autoscale", request(body, template))).toContain(
      message,
    );
  });
});
