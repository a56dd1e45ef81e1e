import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud, testToken } from "./support/cloud.ts";
import { idleKubernetes } from "./support/stand-ins.ts";

describe("volumes", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const plain = { name: "data", region: "fra1", size_gigabytes: 10 };
  const create = async (body: object = {}) =>
    (await cloud.ok<{ volume: { id: string } }>("POST", "/v2/volumes", { ...plain, ...body })).volume.id;
  const droplet = async (region = "fra1") =>
    (
      await cloud.ok<{ droplet: { id: number } }>("POST", "/v2/droplets", {
        name: "host",
        region,
        size: "s-1vcpu-1gb",
        image: "debian-12-x64",
      })
    ).droplet.id;

  it("attaches to one droplet, is not deleted meanwhile, and lets go when the droplet is gone", async () => {
    const [volume, host, other] = [await create(), await droplet(), await droplet()];
    await cloud.ok("POST", `/v2/volumes/${volume}/actions`, {
      type: "attach",
      droplet_id: host,
      region: "fra1",
    });
    expect(await cloud.ok("GET", `/v2/volumes/${volume}`)).toMatchObject({ volume: { droplet_ids: [host] } });
    expect(await cloud.ok("GET", `/v2/droplets/${host}`)).toMatchObject({
      droplet: { volume_ids: [volume] },
    });
    expect(
      await cloud.refusal(422, "POST", `/v2/volumes/${volume}/actions`, {
        type: "attach",
        droplet_id: other,
      }),
    ).toContain("already attached");
    expect(await cloud.refusal(409, "DELETE", `/v2/volumes/${volume}`)).toContain("Attached volume");
    await cloud.ok("DELETE", `/v2/droplets/${host}`);
    expect(await cloud.ok("GET", `/v2/volumes/${volume}`)).toMatchObject({ volume: { droplet_ids: [] } });
    expect(await cloud.ok("GET", `/v2/volumes/${volume}/actions`)).toMatchObject({
      actions: [{ type: "attach_volume" }],
    });
    await cloud.ok("DELETE", `/v2/volumes/${volume}`);
    await cloud.refusal(404, "GET", `/v2/volumes/${volume}`);
  });

  it("is found, attached, detached and deleted by name too", async () => {
    const volume = await create();
    const host = await droplet();
    await create({ region: "ams3" });
    expect(await cloud.ok("GET", "/v2/volumes?name=data&region=fra1")).toMatchObject({
      volumes: [{ id: volume }],
      meta: { total: 1 },
    });
    const action = { droplet_id: host, region: "fra1", volume_name: "data" };
    await cloud.ok("POST", "/v2/volumes/actions", { type: "attach", ...action });
    await cloud.ok("POST", "/v2/volumes/actions", { type: "detach", ...action });
    expect(await cloud.refusal(422, "POST", "/v2/volumes/actions", { type: "detach", ...action })).toContain(
      "not attached",
    );
    await cloud.ok("DELETE", "/v2/volumes?name=data&region=fra1");
    await cloud.refusal(404, "DELETE", "/v2/volumes?name=data&region=fra1");
  });

  it("takes what a pod has written onto it with it, when it is deleted and not before", async () => {
    const emptied: string[] = [];
    await cloud.close();
    const deleteVolume = async (id: string) => void emptied.push(id);
    cloud = await testCloud({ kubernetes: { ...idleKubernetes(), deleteVolume } });
    const [volume] = [await create(), await create({ name: "other" })];
    expect(emptied).toEqual([]);
    await cloud.ok("DELETE", `/v2/volumes/${volume}`);
    expect(emptied).toEqual([volume]);
  });

  it("grows and does not shrink", async () => {
    const volume = await create();
    await cloud.ok("POST", `/v2/volumes/${volume}/actions`, {
      type: "resize",
      size_gigabytes: 20,
      region: "fra1",
    });
    expect(await cloud.ok("GET", `/v2/volumes/${volume}`)).toMatchObject({ volume: { size_gigabytes: 20 } });
    expect(
      await cloud.refusal(422, "POST", `/v2/volumes/${volume}/actions`, {
        type: "resize",
        size_gigabytes: 10,
      }),
    ).toContain("cannot shrink");
  });

  it("makes snapshots, and volumes of them", async () => {
    const volume = await create({ tags: ["db"], filesystem_type: "ext4" });
    const { snapshot } = await cloud.ok<{ snapshot: { id: string } }>(
      "POST",
      `/v2/volumes/${volume}/snapshots`,
      { name: "s" },
    );
    expect(await cloud.ok("GET", `/v2/volumes/${volume}/snapshots`)).toMatchObject({
      snapshots: [{ id: snapshot.id }],
    });
    expect(await cloud.ok("GET", `/v2/snapshots/${snapshot.id}`)).toMatchObject({
      snapshot: { resource_type: "volume" },
    });
    expect(await cloud.ok("GET", `/v2/volumes/snapshots/${snapshot.id}`)).toMatchObject({
      snapshot: { name: "s" },
    });
    const from = { name: "copy", snapshot_id: snapshot.id };
    expect(
      await cloud.refusal(422, "POST", "/v2/volumes", { ...plain, ...from, size_gigabytes: 5 }),
    ).toContain("10 GiB");
    expect(await cloud.refusal(422, "POST", "/v2/volumes", { ...plain, ...from, region: "ams3" })).toContain(
      "fra1",
    );
    const copy = await create(from);
    expect(await cloud.ok("GET", `/v2/volumes/${copy}`)).toMatchObject({
      volume: { filesystem_type: "ext4" },
    });
    await cloud.ok("DELETE", `/v2/snapshots/${snapshot.id}`);
    await cloud.refusal(404, "DELETE", `/v2/volumes/snapshots/${snapshot.id}`);
  });

  it.each([
    [{ name: "Data" }, 422, "name"],
    [{ size_gigabytes: 0 }, 422, "size_gigabytes"],
    [{ size_gigabytes: 16_385 }, 422, "size_gigabytes"],
    [{ region: "mars1" }, 422, "mars1"],
    [{ snapshot_id: "none" }, 422, "no snapshot"],
    [{ filesystem_type: "xfs", filesystem_label: "thirteen-long" }, 422, "12 for xfs"],
    [{}, 409, "already exists"],
  ])("refuses %j", async (body, status, message) => {
    await create();
    expect(await cloud.refusal(status, "POST", "/v2/volumes", { ...plain, ...body })).toContain(message);
  });

  it("is attached by a droplet's own creation, in the same region only", async () => {
    const volume = await create();
    const body = { name: "host", size: "s-1vcpu-1gb", image: "debian-12-x64", volumes: [volume] };
    expect(await cloud.refusal(422, "POST", "/v2/droplets", { ...body, region: "ams3" })).toContain("fra1");
    expect(await cloud.ok("POST", "/v2/droplets", { ...body, region: "fra1" })).toMatchObject({
      droplet: { volume_ids: [volume] },
    });
  });

  it("goes with its droplet when that is asked for, and stays otherwise", async () => {
    const gone = await create();
    const kept = await create({ name: "kept" });
    const host = await droplet();
    for (const volume of [gone, kept]) {
      await cloud.ok("POST", `/v2/volumes/${volume}/actions`, { type: "attach", droplet_id: host });
    }
    await cloud.ok("POST", `/v2/volumes/${gone}/snapshots`, { name: "s" });
    await cloud.ok("POST", "/v2/reserved_ips", { droplet_id: host });
    const path = `/v2/droplets/${host}/destroy_with_associated_resources`;
    expect(await cloud.ok("GET", path)).toMatchObject({
      volumes: [{ id: gone }, { id: kept }],
      volume_snapshots: [{ name: "s" }],
      reserved_ips: [{ id: expect.any(String) }],
    });
    expect(await cloud.refusal(422, "DELETE", `${path}/selective`, { volumes: ["none"] })).toContain(
      "does not belong",
    );
    await cloud.ok("DELETE", `${path}/selective`, { volumes: [gone] });
    await cloud.refusal(404, "GET", `/v2/volumes/${gone}`);
    expect(await cloud.ok("GET", `/v2/volumes/${kept}`)).toMatchObject({ volume: { droplet_ids: [] } });
    expect(await cloud.ok("GET", `${path}/status`)).toMatchObject({
      resources: { volumes: [{ id: gone }] },
      failures: 0,
    });
    await cloud.ok("POST", `${path}/retry`);
  });

  it("goes with everything else of its droplet only when that is said to be meant", async () => {
    const volume = await create();
    const host = await droplet();
    await cloud.ok("POST", `/v2/volumes/${volume}/actions`, { type: "attach", droplet_id: host });
    const url = `/v2/droplets/${host}/destroy_with_associated_resources/dangerous`;
    const answer = await cloud.app.inject({
      method: "DELETE",
      url,
      headers: { authorization: `Bearer ${testToken}` },
    });
    expect(answer.json()).toMatchObject({
      id: "unprocessable_entity",
      message: expect.stringContaining("X-Dangerous"),
    });
    await cloud.ok("DELETE", url);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });
});
