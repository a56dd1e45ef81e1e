import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

interface DropletView {
  id: number;
  name: string;
  status: string;
  locked: boolean;
  tags: string[];
  vpc_uuid: string;
  size_slug: string;
  disk: number;
  features: string[];
  snapshot_ids: number[];
  volume_ids: string[];
  networks: { v4: { type: string; ip_address: string }[] };
}

const plain = { region: "fra1", size: "s-1vcpu-1gb", image: "ubuntu-24-04-x64" };
const ed25519 =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops@example.com";

describe("droplets", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const create = async (body: object = {}) =>
    (await cloud.ok<{ droplet: DropletView }>("POST", "/v2/droplets", { name: "worker", ...plain, ...body }))
      .droplet;
  const read = async (id: number) =>
    (await cloud.ok<{ droplet: DropletView }>("GET", `/v2/droplets/${id}`)).droplet;
  const act = (id: number, action: object) => cloud.ok("POST", `/v2/droplets/${id}/actions`, action);
  const active = async (body: object = {}) => {
    const droplet = await create(body);
    cloud.advance(1_000);
    return read(droplet.id);
  };

  it("is new and locked before it is active, and has addresses then", async () => {
    const made = await create();
    expect(made).toMatchObject({ status: "new", locked: true, networks: { v4: [], v6: [] } });
    cloud.advance(999);
    expect(await read(made.id)).toMatchObject({ status: "new" });
    cloud.advance(1);
    const droplet = await read(made.id);
    expect(droplet).toMatchObject({ status: "active", locked: false });
    expect(droplet.networks.v4.map((network) => network.type).sort()).toEqual(["private", "public"]);
  });

  it("goes on becoming active across a restart", async () => {
    const { id } = await create();
    await cloud.restart();
    expect(await read(id)).toMatchObject({ status: "new" });
    cloud.advance(1_000);
    await cloud.restart();
    expect(await read(id)).toMatchObject({ status: "active" });
  });

  it("reports every fault of a request at once", async () => {
    const message = await cloud.refusal(422, "POST", "/v2/droplets", {
      name: "worker",
      region: "mars1",
      size: "s-1vcpu-1g",
      image: "ubuntu-24-04",
      ssh_keys: [7],
    });
    expect(message).toContain("region: mars1 is not a valid region");
    expect(message).toContain("did you mean s-1vcpu-1gb?");
    expect(message).toContain("image: ubuntu-24-04 is not a valid image");
    expect(message).toContain("ssh_keys: 7");
  });

  it.each([
    ["a name that is no host name", { name: "a_b" }, "name"],
    ["a size the region does not have", { size: "gpu-h100x1-80gb" }, "not available in fra1"],
    ["an unknown VPC", { vpc_uuid: "5a4d9c3e-0000-4000-8000-00000000ffff" }, "no VPC"],
    ["a misspelt field", { monitorring: true }, "did you mean monitoring?"],
    ["a wrong type", { backups: "yes" }, "backups"],
    ["an unknown volume", { volumes: ["5a4d9c3e-0000-4000-8000-00000000ffff"] }, "no volume"],
    ["a weekly policy without its day", { backup_policy: { plan: "weekly", hour: 4 } }, "weekday"],
  ])("refuses %s", async (_what, body, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/droplets", { name: "worker", ...plain, ...body })).toContain(
      message,
    );
    expect(await cloud.ok("GET", "/v2/droplets")).toMatchObject({ meta: { total: 0 } });
  });

  it("takes what Go clients send for nothing", async () => {
    await create({
      ssh_keys: null,
      tags: null,
      private_networking: false,
      backups: false,
      ipv6: false,
      volumes: null,
    });
  });

  it("makes several at once, and lists by name, tag and kind, in pages", async () => {
    await cloud.ok("POST", "/v2/droplets", { names: ["a", "b", "c"], ...plain, tags: ["web"] });
    await create({ name: "gpu", region: "tor1", size: "gpu-l40sx1-48gb", image: "gpu-h100x1-base" });
    const names = async (query: string) =>
      (await cloud.ok<{ droplets: DropletView[] }>("GET", `/v2/droplets?${query}`)).droplets.map(
        (one) => one.name,
      );
    expect(await names("per_page=200")).toEqual(["a", "b", "c", "gpu"]);
    expect(await names("name=b")).toEqual(["b"]);
    expect(await names("tag_name=web")).toEqual(["a", "b", "c"]);
    expect(await names("type=gpus")).toEqual(["gpu"]);
    expect(await names("per_page=2&page=2")).toEqual(["c", "gpu"]);
    const { links } = await cloud.ok<{ links: { pages: Record<string, string> } }>(
      "GET",
      "/v2/droplets?per_page=1&page=2&tag_name=web",
    );
    expect(Object.keys(links.pages).sort()).toEqual(["first", "last", "next", "prev"]);
    expect(new URL(links.pages.next ?? "").search).toBe("?per_page=1&page=3&tag_name=web");
    await cloud.ok("DELETE", "/v2/droplets?tag_name=web");
    expect(await names("")).toEqual(["gpu"]);
  });

  it("keeps its VPC from being deleted", async () => {
    const { vpc } = await cloud.ok<{ vpc: { id: string } }>("POST", "/v2/vpcs", {
      name: "v",
      region: "fra1",
    });
    const droplet = await create({ vpc_uuid: vpc.id });
    expect(await cloud.refusal(409, "DELETE", `/v2/vpcs/${vpc.id}`)).toContain("droplets/worker");
    expect(await cloud.ok("GET", `/v2/vpcs/${vpc.id}/members?resource_type=droplet`)).toMatchObject({
      members: [{ urn: `do:droplet:${droplet.id}` }],
    });
    await cloud.ok("DELETE", `/v2/droplets/${droplet.id}`);
    await cloud.refusal(404, "GET", `/v2/droplets/${droplet.id}`);
    await cloud.ok("DELETE", `/v2/vpcs/${vpc.id}`);
  });

  it("uses the region's default VPC when none is named, which is not in the inventory", async () => {
    const droplet = await create();
    expect(await cloud.ok("GET", `/v2/vpcs/${droplet.vpc_uuid}`)).toMatchObject({
      vpc: { default: true, region: "fra1" },
    });
    await cloud.ok("DELETE", `/v2/droplets/${droplet.id}`);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("gives addresses of a full VPC again after a delete, and none before", async () => {
    const { vpc } = await cloud.ok<{ vpc: { id: string } }>("POST", "/v2/vpcs", {
      name: "small",
      region: "fra1",
      ip_range: "10.9.0.0/28",
    });
    const made = [];
    for (let index = 0; index < 13; index += 1)
      made.push(await create({ name: `d${index}`, vpc_uuid: vpc.id }));
    const body = { name: "one-more", ...plain, vpc_uuid: vpc.id };
    expect(await cloud.refusal(422, "POST", "/v2/droplets", body)).toContain("no address is left");
    await cloud.ok("DELETE", `/v2/droplets/${made[4]?.id}`);
    await cloud.ok("POST", "/v2/droplets", body);
  });

  it("makes all of several or none", async () => {
    const { vpc } = await cloud.ok<{ vpc: { id: string } }>("POST", "/v2/vpcs", {
      name: "small",
      region: "fra1",
      ip_range: "10.9.0.0/28",
    });
    for (const letter of ["a", "b"]) {
      const names = Array.from({ length: 8 }, (_, index) => `${letter}${index}`);
      await cloud.request("POST", "/v2/droplets", { ...plain, names, vpc_uuid: vpc.id });
    }
    expect(await cloud.ok("GET", "/v2/droplets")).toMatchObject({ meta: { total: 8 } });
  });

  it("leaves no tag in the inventory that nobody asked for", async () => {
    await cloud.ok("POST", "/v2/tags", { name: "asked" });
    const { id } = await create({ tags: ["asked", "named"] });
    await cloud.ok("DELETE", `/v2/droplets/${id}`);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({
      tags: [expect.objectContaining({ name: "asked" })],
    });
    expect(await cloud.ok("GET", "/v2/tags")).toMatchObject({ meta: { total: 2 } });
    await cloud.ok("POST", "/v2/tags", { name: "named" });
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toMatchObject({
      tags: [{ name: "asked" }, { name: "named" }],
    });
    const long = "l".repeat(255);
    await cloud.ok("POST", "/v2/tags", { name: long });
    await cloud.ok("GET", `/v2/tags/${long}`);
  });

  it("carries out actions one at a time, each over after the latency", async () => {
    const { id } = await active();
    const { action } = (await act(id, { type: "power_off" })) as { action: { id: number; status: string } };
    expect(action.status).toBe("in-progress");
    expect(await read(id)).toMatchObject({ status: "active", locked: true });
    expect(await cloud.refusal(422, "POST", `/v2/droplets/${id}/actions`, { type: "reboot" })).toContain(
      "pending event",
    );
    cloud.advance(1_000);
    expect(await cloud.ok("GET", `/v2/actions/${action.id}`)).toMatchObject({
      action: { status: "completed" },
    });
    expect(await cloud.ok("GET", `/v2/droplets/${id}/actions/${action.id}`)).toMatchObject({
      action: { type: "power_off" },
    });
    expect(await read(id)).toMatchObject({ status: "off", locked: false });
    await act(id, { type: "resize", size: "s-2vcpu-4gb", disk: true });
    cloud.advance(1_000);
    expect(await read(id)).toMatchObject({ size_slug: "s-2vcpu-4gb", disk: 80 });
    expect(
      await cloud.refusal(422, "POST", `/v2/droplets/${id}/actions`, { type: "resize", size: "s-1vcpu-1gb" }),
    ).toContain("does not fit");
    await act(id, { type: "power_on" });
    cloud.advance(1_000);
    expect(await read(id)).toMatchObject({ status: "active" });
    expect(
      await cloud.refusal(422, "POST", `/v2/droplets/${id}/actions`, { type: "resize", size: "s-4vcpu-8gb" }),
    ).toContain("powered off");
  });

  it("renames, takes snapshots and backs up", async () => {
    const { id } = await active({ backups: true });
    for (const action of [
      { type: "rename", name: "other" },
      { type: "snapshot", name: "before" },
      { type: "enable_ipv6" },
    ]) {
      await act(id, action);
      cloud.advance(1_000);
    }
    const droplet = await read(id);
    expect(droplet.name).toBe("other");
    expect(droplet.features).toContain("ipv6");
    expect(droplet.snapshot_ids).toHaveLength(1);
    expect(await cloud.ok("GET", "/v2/snapshots?resource_type=droplet")).toMatchObject({
      snapshots: [{ name: "before" }],
    });
    expect(await cloud.ok("GET", `/v2/droplets/${id}/snapshots`)).toMatchObject({
      snapshots: [{ name: "before" }],
    });
    expect(await cloud.ok("GET", `/v2/droplets/${id}/backups/policy`)).toMatchObject({
      policy: { backup_enabled: true, backup_policy: { plan: "weekly" } },
    });
    expect(await cloud.ok("GET", "/v2/droplets/backups/policies")).toMatchObject({
      policies: { [id]: { droplet_id: id } },
    });
    await act(id, { type: "disable_backups" });
    cloud.advance(1_000);
    expect((await read(id)).features).not.toContain("backups");
    await create({ name: "copy", image: droplet.snapshot_ids[0], size: "s-1vcpu-1gb" });
    await cloud.ok("DELETE", `/v2/snapshots/${droplet.snapshot_ids[0]}`);
  });

  it("bears tags, which count it, and takes SSH keys by id and fingerprint", async () => {
    const { ssh_key: key } = await cloud.ok<{ ssh_key: { id: number; fingerprint: string } }>(
      "POST",
      "/v2/account/keys",
      {
        name: "ops",
        public_key: ed25519,
      },
    );
    const droplet = await create({ tags: ["web", "web"], ssh_keys: [key.id, key.fingerprint] });
    expect(droplet.tags).toEqual(["web"]);
    expect(await cloud.ok("GET", "/v2/tags/web")).toMatchObject({
      tag: { resources: { count: 1, droplets: { count: 1 } } },
    });
    const resources = [{ resource_id: String(droplet.id), resource_type: "droplet" }];
    await cloud.ok("POST", "/v2/tags", { name: "blue" });
    await cloud.ok("POST", "/v2/tags/blue/resources", { resources });
    await cloud.ok("DELETE", "/v2/tags/web/resources", { resources });
    expect((await read(droplet.id)).tags).toEqual(["blue"]);
    await cloud.ok("DELETE", "/v2/tags/blue");
    expect((await read(droplet.id)).tags).toEqual([]);
    await cloud.refusal(404, "GET", "/v2/tags/blue");
    await cloud.refusal(422, "POST", "/v2/tags/web/resources", {
      resources: [{ resource_id: "1", resource_type: "droplet" }],
    });
  });

  it("answers what else clients ask of it", async () => {
    const { id } = await active();
    for (const path of ["kernels", "neighbors", "backups", "actions"])
      await cloud.ok("GET", `/v2/droplets/${id}/${path}`);
    await cloud.ok("GET", "/v2/reports/droplet_neighbors_ids");
    await cloud.ok("GET", "/v2/droplets/backups/supported_policies");
    await cloud.ok("GET", "/v2/actions?per_page=200");
    await cloud.refusal(404, "GET", "/v2/droplets/not-a-number");
  });
});
