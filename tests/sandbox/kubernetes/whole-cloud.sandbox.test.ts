import { afterAll, beforeAll, expect, it } from "vitest";
import { FaultPlan } from "../../../sandbox/faults/plan.ts";
import { type TestCloud, testCloud, testToken } from "../cloud/support/cloud.ts";
import { eventually, type RuntimeFixture, runtimeFixture, TestClient } from "./cluster-fixture.ts";

interface Cluster {
  id: string;
  status: { state: string };
  node_pools: { id: string; nodes: { name: string; status: { state: string } }[] }[];
}

/** More than every third call of a controller fails, half of these after they were carried out. */
const FAULTS = ["/v2/load_balancers/**", "/v2/volumes/**"].flatMap((path) => [
  { path, rate: 0.2, drop: "after" as const },
  { path, rate: 0.2, status: 503 },
]);

const endpoint = { apiUrl: "", token: testToken };
const faults = new FaultPlan();
let fixture: RuntimeFixture;
let cloud: TestCloud;
let clusterId: string;
let client: TestClient;

beforeAll(async () => {
  fixture = await runtimeFixture(endpoint);
  cloud = await testCloud({ kubernetes: fixture.runtime, latencyMs: 50, now: Date.now, faults });
  endpoint.apiUrl = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
  const { kubernetes_cluster } = await cloud.ok<{ kubernetes_cluster: Cluster }>(
    "POST",
    "/v2/kubernetes/clusters",
    {
      name: "whole",
      region: "ams3",
      version: "latest",
      node_pools: [{ name: "main", size: "s-2vcpu-4gb", count: 2 }],
    },
  );
  clusterId = kubernetes_cluster.id;
  await eventually("the cluster and its nodes run", async () => {
    const { status, node_pools } = await readCluster();
    const nodes = node_pools.flatMap((pool) => pool.nodes);
    return (
      (status.state === "running" && nodes.every((node) => node.status.state === "running")) || undefined
    );
  });
  client = new TestClient(await fixture.runtime.credentials(clusterId));
});

afterAll(async () => {
  await client?.close();
  await cloud?.close();
  await fixture?.runtime.close();
  await fixture?.remove();
});

async function readCluster(): Promise<Cluster> {
  const answer = await cloud.ok<{ kubernetes_cluster: Cluster }>(
    "GET",
    `/v2/kubernetes/clusters/${clusterId}`,
  );
  return answer.kubernetes_cluster;
}

async function inventory(): Promise<Record<string, unknown[]>> {
  return cloud.ok("GET", "/_sandbox/inventory");
}

it("keeps exactly what workloads ask for, while the API fails and forgets to answer", async () => {
  faults.replace({ seed: 7, rules: FAULTS });
  const names = ["one", "two", "three"];
  const services = "/api/v1/namespaces/default/services";
  const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
  for (const name of names) {
    await client.call("POST", services, {
      metadata: { name },
      spec: { type: "LoadBalancer", selector: { app: name }, ports: [{ port: 80 }] },
    });
    await client.call("POST", claims, {
      metadata: { name },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
  }
  await eventually("services have addresses and claims are bound", async () => {
    const served = (await client.call("GET", services)).body.items.filter(
      (service: { status: { loadBalancer: { ingress?: unknown } } }) =>
        service.status.loadBalancer.ingress !== undefined,
    );
    const bound = (await client.call("GET", claims)).body.items.filter(
      (claim: { status: { phase: string } }) => claim.status.phase === "Bound",
    );
    return (served.length === names.length && bound.length === names.length) || undefined;
  });
  const present = await inventory();
  expect(present.load_balancers).toHaveLength(names.length);
  expect(present.volumes).toHaveLength(names.length);

  for (const name of names) {
    await client.call("DELETE", `${services}/${name}`);
    await client.call("DELETE", `${claims}/${name}`);
  }
  await eventually("nothing is left of them in the cloud", async () => {
    const { load_balancers = [], volumes = [] } = await inventory();
    return load_balancers.length + volumes.length === 0 || undefined;
  });
  await eventually("nothing is left to do", () => fixture.runtime.isIdle() || undefined);
  const struck = faults.report().rules.map((rule) => rule.struck);
  expect(struck.reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0);
  faults.clear();
});

it("leaves nothing in the cloud when it is deleted, and no process", async () => {
  await cloud.ok("DELETE", `/v2/kubernetes/clusters/${clusterId}`);
  await eventually("the cluster is gone", async () => {
    return (await cloud.request("GET", `/v2/kubernetes/clusters/${clusterId}`)).status === 404 || undefined;
  });
  await eventually("the inventory is empty", async () => {
    return Object.keys(await inventory()).length === 0 || undefined;
  });
  expect(fixture.runtime.report()).toEqual([]);
});
