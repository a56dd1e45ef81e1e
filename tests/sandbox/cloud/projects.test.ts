import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

const body = { name: "whisper-staging", description: "", purpose: "Service or API", environment: "Staging" };

describe("projects", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const create = async (change: object = {}) =>
    (await cloud.ok<{ project: { id: string } }>("POST", "/v2/projects", { ...body, ...change })).project;
  const urnsOf = async (id: string) =>
    (await cloud.ok<{ resources: { urn: string }[] }>("GET", `/v2/projects/${id}/resources`)).resources.map(
      ({ urn }) => urn,
    );

  it("are made, read, changed and deleted", async () => {
    const project = await create();
    expect(project).toMatchObject({ ...body, is_default: false });
    const path = `/v2/projects/${project.id}`;
    expect(await cloud.ok("GET", path)).toEqual({ project });
    const change = { name: null, description: "changed", purpose: null, environment: null, is_default: null };
    expect(await cloud.ok("PATCH", path, change)).toMatchObject({
      project: { name: body.name, description: "changed" },
    });
    await cloud.refusal(409, "POST", "/v2/projects", body);
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", path);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("always have a default, which holds what nobody assigned", async () => {
    await cloud.ok("POST", "/v2/domains", { name: "example.com" });
    expect(await cloud.ok("GET", "/v2/projects/default")).toMatchObject({ project: { is_default: true } });
    expect(await urnsOf("default")).toEqual(["do:domain:example.com"]);
    const { project } = await cloud.ok<{ project: { id: string } }>("GET", "/v2/projects/default");
    await cloud.refusal(412, "DELETE", `/v2/projects/${project.id}`);
    const other = await create();
    await cloud.ok("PATCH", `/v2/projects/${other.id}`, { is_default: true });
    expect(await cloud.ok("GET", `/v2/projects/${project.id}`)).toMatchObject({
      project: { is_default: false },
    });
  });

  it("take resources by URN, tell of those that are not there, and are not deleted with them", async () => {
    const project = await create();
    await cloud.ok("POST", "/v2/domains", { name: "example.com" });
    const path = `/v2/projects/${project.id}/resources`;
    const assign = { resources: ["do:domain:example.com"] };
    expect(await cloud.ok("POST", path, assign)).toMatchObject({ resources: [{ status: "assigned" }] });
    expect(await cloud.ok("POST", path, assign)).toMatchObject({
      resources: [{ status: "already_assigned" }],
    });
    expect(await urnsOf(project.id)).toEqual(assign.resources);
    expect(await urnsOf("default")).toEqual([]);
    expect(await cloud.refusal(412, "DELETE", `/v2/projects/${project.id}`)).toContain(
      "do:domain:example.com",
    );
    const missing = { resources: [...assign.resources, "do:droplet:7"] };
    expect(await cloud.ok("POST", path, missing)).toMatchObject({
      resources: [{ status: "already_assigned" }, { urn: "do:droplet:7", status: "not_found" }],
    });
    await cloud.refusal(422, "POST", path, { resources: ["do:nonsense:7"] });
    await cloud.refusal(422, "POST", path, { resources: ["droplet:7"] });
    await cloud.ok("DELETE", "/v2/domains/example.com");
    await cloud.ok("DELETE", `/v2/projects/${project.id}`);
  });

  it("hold what a cluster's workloads have made with the cluster, unless somebody has put it elsewhere", async () => {
    const { kubernetes_cluster: cluster } = await cloud.ok<{ kubernetes_cluster: { id: string } }>(
      "POST",
      "/v2/kubernetes/clusters",
      {
        name: "c",
        region: "fra1",
        version: "latest",
        node_pools: [{ name: "p", size: "s-2vcpu-4gb", count: 1 }],
      },
    );
    const { volume } = await cloud.ok<{ volume: { id: string } }>("POST", "/v2/volumes", {
      name: "pvc-1",
      region: "fra1",
      size_gigabytes: 1,
      tags: [`k8s:${cluster.id}`],
    });
    const [one, other] = [await create({ name: "one" }), await create({ name: "other" })];
    const [clusterUrn, volumeUrn] = [`do:kubernetes:${cluster.id}`, `do:volume:${volume.id}`];
    const assign = (id: string, urn: string) =>
      cloud.ok("POST", `/v2/projects/${id}/resources`, { resources: [urn] });
    expect(await urnsOf("default")).toContain(volumeUrn);
    await assign(one.id, clusterUrn);
    expect(await urnsOf(one.id)).toEqual(expect.arrayContaining([clusterUrn, volumeUrn]));
    await assign(other.id, clusterUrn);
    expect(await urnsOf(other.id)).toContain(volumeUrn);
    await assign(one.id, volumeUrn);
    expect(await urnsOf(other.id)).not.toContain(volumeUrn);
  });

  it.each([
    [{ name: "" }, "name: "],
    [{ environment: "Moon" }, "environment: "],
    [{ purpose: "" }, "purpose: "],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/projects", { ...body, ...change })).toContain(message);
  });
});
