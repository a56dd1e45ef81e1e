import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../../sandbox/kubernetes/runtime.ts";
import {
  clusterSpec,
  eventually,
  type RuntimeFixture,
  runtimeFixture,
  TestClient,
} from "./cluster-fixture.ts";
import { type FakeCloud, startFakeCloud } from "./fake-cloud.ts";
import { nodeSpec } from "./node-spec.ts";

let cloud: FakeCloud;
let fixture: RuntimeFixture;
let cluster: ClusterSpec;
let client: TestClient;

beforeAll(async () => {
  cloud = await startFakeCloud();
  fixture = await runtimeFixture(cloud);
  cluster = clusterSpec(fixture.runtime, "workloads");
  await fixture.runtime.start(cluster);
  await fixture.runtime.setNodes(cluster.id, [nodeSpec(1), nodeSpec(2)]);
  client = new TestClient(await fixture.runtime.credentials(cluster.id));
});

afterAll(async () => {
  await client?.close();
  await fixture?.runtime.close();
  await fixture?.remove();
  await cloud?.close();
});

const CONTAINER = { name: "main", image: "example.org/app:1" };
const LABELS = { app: "app" };

async function object(path: string) {
  const { status, body } = await client.call("GET", path);
  return status === 200 ? body : undefined;
}

async function isGone(path: string): Promise<true | undefined> {
  return (await client.call("GET", path)).status === 404 || undefined;
}

describe("a fresh cluster", () => {
  it("has DOKS's storage classes, one of them the default", async () => {
    const { body } = await client.call("GET", "/apis/storage.k8s.io/v1/storageclasses");
    const names = body.items.map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(names).toEqual([
      "do-block-storage",
      "do-block-storage-retain",
      "do-block-storage-xfs",
      "do-block-storage-xfs-retain",
    ]);
    expect(body.items[0].metadata.annotations).toEqual({
      "storageclass.kubernetes.io/is-default-class": "true",
    });
  });

  it("answers strangers with 401 and reports its version", async () => {
    const stranger = new TestClient({
      ...(await fixture.runtime.credentials(cluster.id)),
      token: "not-a-token",
    });
    expect((await stranger.call("GET", "/api/v1/nodes")).status).toBe(401);
    await stranger.close();
  });

  it("holds pods to the pod security standard that their namespace names", async () => {
    await client.call("POST", "/api/v1/namespaces", {
      metadata: { name: "strict", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const { status, body } = await client.call("POST", "/api/v1/namespaces/strict/pods", {
      metadata: { name: "privileged" },
      spec: { containers: [{ ...CONTAINER, securityContext: { privileged: true } }] },
    });
    expect(status).toBe(403);
    expect(body.message).toContain("violates PodSecurity");
  });
});

describe("workloads", () => {
  it("runs deployments, with addresses from their node's range", async () => {
    await client.call("POST", "/apis/apps/v1/namespaces/default/deployments", {
      metadata: { name: "app" },
      spec: {
        replicas: 2,
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: { initContainers: [{ ...CONTAINER, name: "init" }], containers: [CONTAINER] },
        },
      },
    });
    await eventually("the deployment is available", async () => {
      const deployment = await object("/apis/apps/v1/namespaces/default/deployments/app");
      return deployment.status.availableReplicas === 2 || undefined;
    });
    const { body } = await client.call("GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dapp");
    for (const pod of body.items) expect(pod.status.podIP).toMatch(/^10\.244\./);
  });

  it("completes jobs", async () => {
    await client.call("POST", "/apis/batch/v1/namespaces/default/jobs", {
      metadata: { name: "migrate" },
      spec: { template: { spec: { restartPolicy: "Never", containers: [CONTAINER] } } },
    });
    const job = await eventually("the job has succeeded", async () => {
      const found = await object("/apis/batch/v1/namespaces/default/jobs/migrate");
      return found.status.succeeded === 1 && found.status.completionTime ? found : undefined;
    });
    expect(job.status.conditions).toContainEqual(
      expect.objectContaining({ type: "Complete", status: "True" }),
    );
  });

  it("schedules what needs a GPU onto GPU nodes only", async () => {
    const gpu = { brand: "nvidia" as const, model: "h100", count: 1 };
    await fixture.runtime.setNodes(cluster.id, [nodeSpec(1), nodeSpec(2), nodeSpec(3, { gpu })]);
    await client.call("POST", "/api/v1/namespaces/default/pods", {
      metadata: { name: "whisper" },
      spec: {
        tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
        containers: [{ ...CONTAINER, resources: { limits: { "nvidia.com/gpu": "1" } } }],
      },
    });
    const pod = await eventually("the pod runs", async () => {
      const found = await object("/api/v1/namespaces/default/pods/whisper");
      return found.status.phase === "Running" ? found : undefined;
    });
    expect(pod.spec.nodeName).toBe("main-3");
  });
});

describe("nodes", () => {
  it("leave with their pods, and follow their pool's labels and taints but keep others'", async () => {
    const relabelled = nodeSpec(2, {
      labels: { tier: "spot" },
      taints: [{ key: "spot", value: "true", effect: "NoSchedule" }],
    });
    await fixture.runtime.setNodes(cluster.id, [nodeSpec(1), relabelled]);
    expect(await isGone("/api/v1/nodes/main-3")).toBe(true);
    expect(await isGone("/api/v1/namespaces/default/pods/whisper")).toBe(true);
    const node = await object("/api/v1/nodes/main-2");
    expect(node.metadata.labels.tier).toBe("spot");
    expect(node.spec.taints).toContainEqual({ key: "spot", value: "true", effect: "NoSchedule" });
    await client.call("PATCH", "/api/v1/nodes/main-2", { metadata: { labels: { owner: "me" } } });
    await fixture.runtime.setNodes(cluster.id, [nodeSpec(1), nodeSpec(2)]);
    const plain = await object("/api/v1/nodes/main-2");
    expect(plain.metadata.labels.owner).toBe("me");
    expect(plain.metadata.labels.tier).toBeUndefined();
    expect(plain.spec.taints ?? []).toEqual([]);
  });
});

describe("services of type LoadBalancer", () => {
  const path = "/api/v1/namespaces/default/services/edge";

  it("get a load balancer with an address, even when the API fails at times", async () => {
    let calls = 0;
    cloud.shouldFail = (call) => call.includes("load_balancers") && [0, 1, 3, 6].includes(calls++);
    await client.call("POST", "/api/v1/namespaces/default/services", {
      metadata: {
        name: "edge",
        annotations: {
          "service.beta.kubernetes.io/do-loadbalancer-name": "whisper-edge",
          "service.beta.kubernetes.io/do-loadbalancer-type": "REGIONAL",
          "service.beta.kubernetes.io/do-loadbalancer-certificate-name": "edge",
        },
      },
      spec: { type: "LoadBalancer", selector: LABELS, ports: [{ port: 443, targetPort: 8443 }] },
    });
    const service = await eventually("the service has an address", async () => {
      const found = await object(path);
      return found.status.loadBalancer.ingress === undefined ? undefined : found;
    });
    cloud.shouldFail = () => false;
    expect(service.status.loadBalancer.ingress).toEqual([{ ip: "203.0.113.7", ipMode: "VIP" }]);
    const [balancer, ...others] = cloud.balancers.values();
    expect(others).toEqual([]);
    expect(balancer).toMatchObject({
      name: "whisper-edge",
      droplet_ids: [1001, 1002],
      forwarding_rules: [
        {
          entry_protocol: "https",
          entry_port: 443,
          target_protocol: "http",
          certificate_id: "certificate-1",
        },
      ],
    });
    expect(service.metadata.annotations["kubernetes.digitalocean.com/load-balancer-id"]).toBe(balancer?.id);
  });

  it("report a failure as an event on the service", async () => {
    const events = "/api/v1/namespaces/default/events?fieldSelector=reason%3DSyncLoadBalancerFailed";
    const event = await eventually("the service's event", async () => (await object(events)).items[0]);
    expect(event.message).toContain("500 Server Error (request r-1)");
  });

  it("follow their nodes", async () => {
    await fixture.runtime.setNodes(cluster.id, [nodeSpec(1), nodeSpec(2), nodeSpec(4)]);
    await eventually("the new node is a target", () => {
      const [balancer] = cloud.balancers.values();
      return balancer?.droplet_ids.includes(1004) || undefined;
    });
  });

  it("take their load balancer with them", async () => {
    await client.call("DELETE", path);
    await eventually("the service is gone", () => isGone(path));
    expect(cloud.balancers.size).toBe(0);
  });
});

describe("claims on block storage", () => {
  const claimPath = "/api/v1/namespaces/default/persistentvolumeclaims/data-store-0";

  it("are bound to a volume, which is attached where its pod runs", async () => {
    await client.call("POST", "/apis/apps/v1/namespaces/default/statefulsets", {
      metadata: { name: "store" },
      spec: {
        serviceName: "store",
        replicas: 1,
        selector: { matchLabels: { app: "store" } },
        template: {
          metadata: { labels: { app: "store" } },
          spec: { containers: [{ ...CONTAINER, volumeMounts: [{ name: "data", mountPath: "/data" }] }] },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1500Mi" } } },
          },
        ],
      },
    });
    const pod = await eventually("the pod runs", async () => {
      const found = await object("/api/v1/namespaces/default/pods/store-0");
      return found?.status.phase === "Running" ? found : undefined;
    });
    const [volume] = cloud.volumes.values();
    expect(volume?.size_gigabytes).toBe(2);
    const node = await object(`/api/v1/nodes/${pod.spec.nodeName}`);
    await eventually("the volume is attached to the pod's droplet", () => {
      return node.spec.providerID === `digitalocean://${volume?.droplet_ids[0]}` || undefined;
    });
  });

  it("grow", async () => {
    await client.call("PATCH", claimPath, { spec: { resources: { requests: { storage: "5Gi" } } } });
    await eventually("the claim has grown", async () => {
      return (await object(claimPath)).status.capacity.storage === "5Gi" || undefined;
    });
    expect([...cloud.volumes.values()].map(({ size_gigabytes }) => size_gigabytes)).toEqual([5]);
  });

  it("are refused with an event when block storage cannot do it", async () => {
    await client.call("POST", "/api/v1/namespaces/default/persistentvolumeclaims", {
      metadata: { name: "shared" },
      spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
    });
    const events = "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dshared";
    const event = await eventually("the claim's event", async () => {
      const { items } = await object(events);
      return items.find(({ reason }: { reason: string }) => reason === "ProvisioningFailed");
    });
    expect(event.message).toContain("ReadWriteMany");
    await client.call("DELETE", "/api/v1/namespaces/default/persistentvolumeclaims/shared");
  });

  it("give their volume back, once nothing is attached", async () => {
    await client.call("DELETE", "/apis/apps/v1/namespaces/default/statefulsets/store");
    await client.call("DELETE", claimPath);
    await eventually("the volume is gone", () => cloud.volumes.size === 0 || undefined);
    await eventually("nothing is left to do", () => fixture.runtime.isIdle() || undefined);
    await eventually("nothing is left of it in the cluster", async () => {
      return (await object("/api/v1/persistentvolumes")).items.length === 0 || undefined;
    });
  });
});
