import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClusterSpec, KubernetesRuntime, NodeSpec } from "../../../sandbox/kubernetes/runtime.ts";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { makeVpc } from "./support/fixtures.ts";
import { idleKubernetes } from "./support/stand-ins.ts";

interface Pool {
  readonly id: string;
  readonly count: number;
  readonly nodes: {
    readonly id: string;
    readonly droplet_id: string;
    readonly status: { readonly state: string };
  }[];
}
interface Cluster {
  readonly id: string;
  readonly status: { readonly state: string };
  readonly node_pools: Pool[];
}

const body = {
  name: "whisper",
  region: "fra1",
  version: "1.36.3-do.0",
  tags: ["environment:staging"],
  node_pools: [{ name: "default", size: "s-2vcpu-4gb", count: 2, tags: [], labels: { role: "system" } }],
};

let cloud: TestCloud;
let started: ClusterSpec[];
let nodes: Map<string, NodeSpec[]>;

/** Remembers what it was told. */
function recordingKubernetes(): KubernetesRuntime {
  const idle = idleKubernetes();
  return {
    ...idle,
    start: async (spec) => {
      started.push(spec);
      await idle.start(spec);
    },
    setNodes: async (clusterId, specs) => {
      nodes.set(clusterId, specs);
    },
  };
}

beforeEach(async () => {
  started = [];
  nodes = new Map();
  cloud = await testCloud({ kubernetes: recordingKubernetes() });
});
afterEach(() => cloud.close());

const create = async (change: object = {}) => {
  const { kubernetes_cluster: cluster } = await cloud.ok<{ kubernetes_cluster: Cluster }>(
    "POST",
    "/v2/kubernetes/clusters",
    { ...body, ...change },
  );
  return { cluster, path: `/v2/kubernetes/clusters/${cluster.id}` };
};
/** Lets the work in the background and the latency pass. */
const settle = async () => {
  await setImmediate();
  cloud.advance(1_000);
};
const read = async (path: string) =>
  (await cloud.ok<{ kubernetes_cluster: Cluster }>("GET", path)).kubernetes_cluster;
const droplets = async () =>
  (await cloud.ok<{ droplets: { id: number; tags: string[] }[] }>("GET", "/v2/droplets")).droplets;

describe("Kubernetes clusters", () => {
  it("are provisioned with their nodes, which are droplets, and go with them", async () => {
    const { cluster, path } = await create();
    expect(cluster).toMatchObject({ status: { state: "provisioning" }, ha: true, registry_enabled: false });
    await settle();
    const running = await read(path);
    expect(running.status.state).toBe("running");
    expect(running.node_pools[0]?.nodes.map(({ status }) => status.state)).toEqual(["running", "running"]);
    expect((await droplets()).map(({ tags }) => tags)).toEqual([
      ["k8s", `k8s:${cluster.id}`, "k8s:worker"],
      ["k8s", `k8s:${cluster.id}`, "k8s:worker"],
    ]);
    expect(nodes.get(cluster.id)).toMatchObject([
      { poolName: "default", vcpus: 2, memoryMib: 4096, labels: { role: "system" } },
      { poolName: "default" },
    ]);
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", path);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("are refused whole, and grow whole, where their VPC has no room for the nodes", async () => {
    const vpc_uuid = await makeVpc(cloud, { ip_range: "10.1.0.0/28" });
    const pool = { name: "default", size: "s-2vcpu-4gb", count: 20 };
    const wanted = { ...body, tags: ["new"], vpc_uuid, node_pools: [pool] };
    const before = await cloud.ok("GET", "/_sandbox/inventory");
    expect(await cloud.refusal(422, "POST", "/v2/kubernetes/clusters", wanted)).toContain("no address");
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual(before);

    const { cluster, path } = await create({ vpc_uuid });
    const [grown] = cluster.node_pools;
    const larger = { name: "default", count: 20 };
    await cloud.refusal(422, "PUT", `${path}/node_pools/${grown?.id}`, larger);
    await cloud.refusal(422, "POST", `${path}/node_pools`, { ...pool, name: "second" });
    const { node_pools: pools } = await read(path);
    expect(pools.map(({ count, nodes }) => [count, nodes.length])).toEqual([[2, 2]]);
    expect(await droplets()).toHaveLength(2);
  });

  it("hand out credentials once there is a control plane", async () => {
    await cloud.close();
    cloud = await testCloud({
      kubernetes: { ...recordingKubernetes(), start: () => new Promise(() => undefined) },
    });
    const early = await create();
    await cloud.refusal(412, "GET", `${early.path}/credentials`);
    await cloud.close();
    cloud = await testCloud({ kubernetes: recordingKubernetes() });
    const { path, cluster } = await create();
    await settle();
    expect(await cloud.ok("GET", `${path}/credentials?expiry_seconds=60`)).toMatchObject({
      token: expect.any(String),
    });
    expect(await cloud.ok("GET", `${path}/kubeconfig`)).toContain(`current-context: ${cluster.id}`);
    expect(await cloud.ok("GET", `${path}/user`)).toMatchObject({ kubernetes_cluster_user: {} });
  });

  it("are taken up again after a restart", async () => {
    const { cluster } = await create();
    await settle();
    started = [];
    nodes.clear();
    await cloud.restart();
    await settle();
    expect(started.map(({ id }) => id)).toEqual([cluster.id]);
    expect(nodes.get(cluster.id)).toHaveLength(2);
  });

  it("show why they could not be had", async () => {
    await cloud.close();
    cloud = await testCloud({
      kubernetes: {
        ...idleKubernetes(),
        start: () => Promise.reject(new Error("no etcd")),
        report: () =>
          started.map(({ id, name }) => ({
            id,
            name,
            status: "error",
            message: "no etcd",
            processes: [],
            podServers: [],
          })),
      },
    });
    const { cluster, path } = await create();
    started = [{ ...body, id: cluster.id, vpcUuid: "", clusterSubnet: "", serviceSubnet: "", ha: true }];
    await settle();
    expect(await read(path)).toMatchObject({ status: { state: "error", message: "no etcd" } });
    expect(await cloud.ok("GET", `${path}/status_messages`)).toMatchObject({
      messages: [{ message: "no etcd" }],
    });
  });

  it("are members of a VPC, and trusted sources of databases until they go", async () => {
    const { vpc } = await cloud.ok<{ vpc: { id: string } }>("POST", "/v2/vpcs", {
      name: "a",
      region: "fra1",
    });
    const { cluster, path } = await create({ vpc_uuid: vpc.id });
    await cloud.refusal(409, "DELETE", `/v2/vpcs/${vpc.id}`);
    const { database } = await cloud.ok<{ database: { id: string } }>("POST", "/v2/databases", {
      name: "db-one",
      engine: "pg",
      num_nodes: 1,
      size: "db-s-1vcpu-1gb",
      region: "fra1",
      rules: [{ type: "k8s", value: cluster.id }],
    });
    await cloud.ok("DELETE", path);
    expect(await cloud.ok("GET", `/v2/databases/${database.id}/firewall`)).toEqual({ rules: [] });
    await cloud.ok("DELETE", `/v2/vpcs/${vpc.id}`);
  });

  it("change in place, and keep their control plane highly available", async () => {
    const { path } = await create();
    const change = {
      name: "renamed",
      tags: ["a"],
      maintenance_policy: { day: "sunday", start_time: "04:00", duration: "" },
      auto_upgrade: true,
      control_plane_firewall: { enabled: true, allowed_addresses: ["203.0.113.0/24"] },
    };
    expect(await cloud.ok("PUT", path, change)).toMatchObject({
      kubernetes_cluster: {
        name: "renamed",
        auto_upgrade: true,
        maintenance_policy: { day: "sunday", start_time: "04:00", duration: "4h0m0s" },
        control_plane_firewall: { enabled: true },
      },
    });
    expect(await cloud.refusal(422, "PUT", path, { name: "renamed", ha: false })).toContain("ha: ");
  });

  it("take a minor version for its newest release, and are upgraded to what is newer", async () => {
    const { path } = await create({ version: "1.35" });
    expect(await read(path)).toMatchObject({ version: "1.35.2-do.1", ha: false });
    await settle();
    expect(await cloud.ok("GET", `${path}/upgrades`)).toMatchObject({
      available_upgrade_versions: [{ slug: "1.36.3-do.0" }],
    });
    await cloud.refusal(422, "POST", `${path}/upgrade`, { version: "1.35.2-do.1" });
    await cloud.ok("POST", `${path}/upgrade`, { version: "1.36.3-do.0" });
    expect(await cloud.ok("GET", `${path}/upgrades`)).toEqual({ available_upgrade_versions: null });
  });

  it.each([
    [{ version: "1.19.1-do.0" }, "version: "],
    [{ region: "mars1" }, "region: "],
    [{ name: "Upper Case" }, "name: "],
    [{ node_pools: [] }, "node_pools: "],
    [{ node_pools: [{ name: "p", size: "s-1vcpu-1gb", count: 1 }] }, "node_pools.0.size: nodes need"],
    [{ node_pools: [{ name: "p", size: "huge", count: 1 }] }, "node_pools.0.size: "],
    [{ node_pools: [{ name: "p", size: "s-2vcpu-4gb", count: 0 }] }, "node_pools.0.count: "],
    [
      { node_pools: [{ name: "p", size: "s-2vcpu-4gb", auto_scale: true, min_nodes: 0, max_nodes: 2 }] },
      "min_nodes: ",
    ],
    [
      { node_pools: [{ name: "p", size: "s-2vcpu-4gb", auto_scale: true, min_nodes: 3, max_nodes: 2 }] },
      "max_nodes: ",
    ],
    [{ node_pools: [{ name: "p", size: "s-2vcpu-4gb", count: 1, labels: { "a b": "c" } }] }, "labels"],
    [{ cluster_subnet: "10.100.0.0/16" }, "service_subnet: is needed"],
    [{ cluster_subnet: "10.100.0.0/24", service_subnet: "10.200.0.0/20" }, "smaller than a /20"],
    [{ cluster_subnet: "10.100.0.0/16", service_subnet: "10.100.8.0/22" }, "overlaps"],
    [{ isolated_workers: true }, "isolated_workers: "],
    ...["2001:db8::/32", "203.0.113.7/24", "203.0.113.0/33"].map((range): [object, string] => [
      { control_plane_firewall: { enabled: true, allowed_addresses: [range] } },
      "control_plane_firewall.allowed_addresses.0",
    ]),
    [{ vpc_uuid: "00000000-0000-4000-8000-000000000000" }, "vpc_uuid: "],
    [{ node_pool: [] }, "node_pool: unknown field, did you mean node_pools?"],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/kubernetes/clusters", { ...body, ...change })).toContain(
      message,
    );
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("refuse subnets that a VPC has, and a name that is taken", async () => {
    await cloud.ok("POST", "/v2/vpcs", { name: "a", region: "fra1", ip_range: "10.100.0.0/16" });
    const subnets = { cluster_subnet: "10.100.0.0/16", service_subnet: "10.200.0.0/20" };
    expect(await cloud.refusal(422, "POST", "/v2/kubernetes/clusters", { ...body, ...subnets })).toContain(
      "the VPC a",
    );
    await create();
    expect(await cloud.refusal(422, "POST", "/v2/kubernetes/clusters", body)).toContain("already exists");
  });

  it("may pull from the account's registry, where there is one", async () => {
    const { cluster, path } = await create();
    const request = { cluster_uuids: [cluster.id] };
    await cloud.refusal(412, "POST", "/v2/kubernetes/registry", request);
    await cloud.ok("POST", "/v2/registry", { name: "images", subscription_tier_slug: "basic" });
    await cloud.ok("POST", "/v2/kubernetes/registry", request);
    expect(await read(path)).toMatchObject({ registry_enabled: true });
    await cloud.ok("DELETE", "/v2/kubernetes/registries", { ...request, registries: ["images"] });
    expect(await read(path)).toMatchObject({ registry_enabled: false });
  });

  it("offer the versions that can be run", async () => {
    expect(await cloud.ok("GET", "/v2/kubernetes/options")).toMatchObject({
      options: { versions: [{ slug: "1.36.3-do.0", kubernetes_version: "1.36.3" }, { slug: "1.35.2-do.1" }] },
    });
  });
});

describe("node pools", () => {
  const pool = {
    name: "api",
    size: "s-2vcpu-4gb",
    count: 1,
    taints: [{ key: "a", value: "b", effect: "NoSchedule" }],
  };

  it("are added, scaled and removed, and Kubernetes follows", async () => {
    const { cluster, path } = await create();
    const made = await cloud.ok<{ node_pool: Pool }>("POST", `${path}/node_pools`, pool);
    const poolPath = `${path}/node_pools/${made.node_pool.id}`;
    await settle();
    expect(nodes.get(cluster.id)).toHaveLength(3);
    await cloud.ok("PUT", poolPath, { count: 3, labels: { tier: "web" } });
    await settle();
    expect(nodes.get(cluster.id)).toHaveLength(5);
    expect(nodes.get(cluster.id)?.at(-1)).toMatchObject({ labels: { tier: "web" }, taints: pool.taints });
    await cloud.ok("PUT", poolPath, { count: 1 });
    expect((await cloud.ok<{ node_pool: Pool }>("GET", poolPath)).node_pool.nodes).toHaveLength(1);
    await settle();
    expect(await droplets()).toHaveLength(3);
    await cloud.refusal(422, "POST", `${path}/node_pools`, pool);
    await cloud.ok("DELETE", poolPath);
    await settle();
    expect(nodes.get(cluster.id)).toHaveLength(2);
    await cloud.refusal(422, "DELETE", `${path}/node_pools/${cluster.node_pools[0]?.id}`);
  });

  it("keep their count between the bounds of the autoscaler", async () => {
    const { path } = await create();
    const scaled = { name: "workers", size: "s-2vcpu-4gb", auto_scale: true, min_nodes: 2, max_nodes: 4 };
    const { node_pool: made } = await cloud.ok<{ node_pool: Pool }>("POST", `${path}/node_pools`, scaled);
    expect(made).toMatchObject({ count: 2, auto_scale: true, min_nodes: 2, max_nodes: 4 });
    const changed = await cloud.ok<{ node_pool: Pool }>("PUT", `${path}/node_pools/${made.id}`, {
      min_nodes: 3,
    });
    expect(changed.node_pool.count).toBe(3);
    const fixed = await cloud.ok("PUT", `${path}/node_pools/${made.id}`, { auto_scale: false, count: 1 });
    expect(fixed).toMatchObject({ node_pool: { count: 1, min_nodes: 0, max_nodes: 0 } });
  });

  it("replace nodes that are recycled, and droplets that somebody deleted", async () => {
    const { cluster, path } = await create();
    const [first] = cluster.node_pools;
    const poolPath = `${path}/node_pools/${first?.id}`;
    const ids = async () =>
      (await cloud.ok<{ node_pool: Pool }>("GET", poolPath)).node_pool.nodes.map((node) => node.droplet_id);
    const [one, two] = await ids();
    await cloud.ok("POST", `${poolPath}/recycle`, { nodes: [first?.nodes[0]?.id] });
    expect(await ids()).toEqual([two, expect.any(String)]);
    expect(await ids()).not.toContain(one);
    await cloud.ok("DELETE", `/v2/droplets/${two}`);
    expect(await ids()).toHaveLength(2);
    expect(await ids()).not.toContain(two);
    const { node_pool: before } = await cloud.ok<{ node_pool: Pool }>("GET", poolPath);
    await cloud.ok("DELETE", `${poolPath}/nodes/${before.nodes[0]?.id}?replace=1`);
    expect(await ids()).toHaveLength(2);
    const { node_pool: after } = await cloud.ok<{ node_pool: Pool }>("GET", poolPath);
    await cloud.ok("DELETE", `${poolPath}/nodes/${after.nodes[0]?.id}`);
    expect(await ids()).toHaveLength(1);
    await cloud.refusal(404, "POST", `${poolPath}/recycle`, { nodes: ["nobody"] });
  });
});

describe("what workloads made in the cloud", () => {
  const volume = (clusterId: string) => ({
    name: "pvc-1",
    region: "fra1",
    size_gigabytes: 1,
    tags: [`k8s:${clusterId}`],
  });

  it("is listed, and goes with the cluster when it is told so", async () => {
    const { cluster, path } = await create();
    await cloud.ok("POST", "/v2/volumes", volume(cluster.id));
    await cloud.ok("POST", "/v2/load_balancers", {
      name: "edge",
      region: "fra1",
      forwarding_rules: [
        { entry_protocol: "tcp", entry_port: 80, target_protocol: "tcp", target_port: 30080 },
      ],
      tags: [`k8s:${cluster.id}`],
    });
    expect(await cloud.ok("GET", `${path}/destroy_with_associated_resources`)).toMatchObject({
      volumes: [{ name: "pvc-1" }],
      load_balancers: [{ name: "edge" }],
    });
    await cloud.ok("DELETE", `${path}/destroy_with_associated_resources/dangerous`);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("stays otherwise, and can be chosen", async () => {
    const { cluster, path } = await create();
    const { volume: made } = await cloud.ok<{ volume: { id: string } }>(
      "POST",
      "/v2/volumes",
      volume(cluster.id),
    );
    const selective = `${path}/destroy_with_associated_resources/selective`;
    await cloud.refusal(422, "DELETE", selective, { volumes: ["another"] });
    await cloud.ok("DELETE", selective, { volumes: [], load_balancers: [], volume_snapshots: [] });
    await cloud.ok("GET", `/v2/volumes/${made.id}`);
  });
});

describe("settings of the cluster autoscaler", () => {
  const told = async (change: object) => {
    const { path } = await create(change);
    const { kubernetes_cluster: cluster } = await cloud.ok<{
      kubernetes_cluster: { readonly cluster_autoscaler_configuration: unknown };
    }>("GET", path);
    return cluster.cluster_autoscaler_configuration;
  };

  it("are nothing until somebody makes some, so that no client finds what it did not ask for", async () => {
    expect(await told({})).toBeNull();
  });

  it("are told as they were given", async () => {
    const given = { scale_down_unneeded_time: "5m0s" };
    expect(await told({ cluster_autoscaler_configuration: given })).toMatchObject(given);
  });
});
