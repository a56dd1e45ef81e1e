import { afterAll, describe, expect, it } from "vitest";
import { customJudge } from "../../../../sandbox/providers/kubernetes/await/custom.ts";
import { judgeOf } from "../../../../sandbox/providers/kubernetes/await/judges.ts";
import { judgePod } from "../../../../sandbox/providers/kubernetes/await/pods.ts";
import { timeoutMs, waitUntilReady } from "../../../../sandbox/providers/kubernetes/await/wait.ts";
import { Cluster } from "../../../../sandbox/providers/kubernetes/cluster/cluster.ts";
import {
  asObject,
  type KubernetesObject,
  type PlainMap,
} from "../../../../sandbox/providers/kubernetes/objects/object.ts";
import { startApiServer } from "./api-server.ts";

const server = await startApiServer(() => ({ body: { items: [] } }));
const cluster = new Cluster(server.access);
const scene = { cluster, signal: new AbortController().signal, updating: false };

afterAll(async () => {
  await cluster.close();
  await server.close();
});

const kinds = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
  Pod: "v1",
  PersistentVolumeClaim: "v1",
  Ingress: "networking.k8s.io/v1",
  CustomResourceDefinition: "apiextensions.k8s.io/v1",
} as const;

function objectOf(kind: keyof typeof kinds, spec: PlainMap, status: PlainMap): KubernetesObject {
  return asObject({
    apiVersion: kinds[kind],
    kind,
    metadata: { name: "x", namespace: "n", generation: 2 },
    spec,
    status,
  });
}

async function state(object: KubernetesObject): Promise<string> {
  const judge = judgeOf({}, object);
  return judge === undefined ? "not waited for" : (await judge(object, scene)).state;
}

const condition = (type: string, status: string, more: PlainMap = {}): PlainMap => ({
  type,
  status,
  ...more,
});
const seen = { observedGeneration: 2 };

describe("readiness", () => {
  it.each([
    [
      "Deployment",
      { replicas: 2 },
      { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
      "ready",
    ],
    [
      "Deployment",
      { replicas: 2 },
      { replicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
      "waiting",
    ],
    [
      "Deployment",
      { replicas: 2 },
      { ...seen, replicas: 3, updatedReplicas: 2, availableReplicas: 2 },
      "waiting",
    ],
    [
      "Deployment",
      { replicas: 2 },
      { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
      "waiting",
    ],
    ["Deployment", { replicas: 0 }, seen, "ready"],
    ["Deployment", { paused: true }, seen, "ready"],
    [
      "Deployment",
      {},
      { ...seen, conditions: [condition("Progressing", "False", { reason: "ProgressDeadlineExceeded" })] },
      "failed",
    ],
    ["StatefulSet", { replicas: 1 }, { ...seen, readyReplicas: 1, updatedReplicas: 1 }, "ready"],
    ["StatefulSet", { replicas: 1 }, { ...seen, readyReplicas: 1, updatedReplicas: 0 }, "waiting"],
    [
      "StatefulSet",
      { replicas: 1, updateStrategy: { type: "OnDelete" } },
      { ...seen, readyReplicas: 1 },
      "ready",
    ],
    [
      "DaemonSet",
      {},
      { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      "waiting",
    ],
    ["DaemonSet", {}, { ...seen, desiredNumberScheduled: 0 }, "ready"],
    ["Job", {}, { conditions: [condition("Complete", "True")] }, "ready"],
    ["Job", {}, { active: 1 }, "waiting"],
    ["Job", { suspend: true }, {}, "ready"],
    ["Job", {}, { conditions: [condition("Failed", "True", { reason: "BackoffLimitExceeded" })] }, "failed"],
    ["Pod", {}, { phase: "Running", conditions: [condition("Ready", "True")] }, "ready"],
    ["Pod", {}, { phase: "Succeeded" }, "ready"],
    ["Pod", {}, { phase: "Failed" }, "failed"],
    ["PersistentVolumeClaim", {}, { phase: "Bound" }, "ready"],
    ["PersistentVolumeClaim", {}, { phase: "Pending" }, "waiting"],
    ["Ingress", {}, { loadBalancer: { ingress: [{ ip: "1.1.1.1" }] } }, "ready"],
    ["Ingress", {}, { loadBalancer: {} }, "waiting"],
    ["CustomResourceDefinition", {}, { conditions: [condition("Established", "True")] }, "ready"],
  ] as const)("of a %s, spec %j, status %j: %s", async (kind, spec, status, wanted) => {
    expect(await state(objectOf(kind, spec, status as PlainMap))).toBe(wanted);
  });

  it("is not waited for when nobody shall, or the kind has none", async () => {
    const deployment = objectOf("Deployment", {}, {});
    const skipping = { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } };
    expect(judgeOf(skipping, deployment)).toBeUndefined();
    expect(await state(asObject({ apiVersion: "v1", kind: "ConfigMap" }))).toBe("not waited for");
  });

  it("says which container of which pod keeps it, and why", async () => {
    const waiting = { reason: "ImagePullBackOff", message: "no such image" };
    const pod = objectOf(
      "Pod",
      {},
      { phase: "Pending", containerStatuses: [{ name: "c", state: { waiting } }] },
    );
    expect((await judgePod(pod, scene)).reasons).toEqual([
      "Pod x, container c: ImagePullBackOff: no such image",
    ]);
    const unscheduled = [condition("PodScheduled", "False", { reason: "Unschedulable", message: "no node" })];
    const lost = objectOf("Pod", {}, { phase: "Pending", conditions: unscheduled });
    expect((await judgePod(lost, scene)).reasons).toEqual(["Pod x is not scheduled: Unschedulable: no node"]);
  });
});

describe("what the annotation waitFor asks for", () => {
  const annotated = (waitFor: string): PlainMap => ({
    metadata: { annotations: { "pulumi.com/waitFor": waitFor } },
  });
  const live = asObject({
    apiVersion: "example.com/v1",
    kind: "Thing",
    metadata: { name: "x", annotations: { "a.b/c": "d" } },
    status: { phase: "Up", count: 3, conditions: [condition("Ready", "True"), condition("Stuck", "False")] },
  });

  it.each([
    ["condition=Ready", "ready"],
    ["condition=Stuck", "waiting"],
    ["condition=Stuck=False", "ready"],
    ["condition=Missing", "waiting"],
    ["jsonpath={.status.phase}=Up", "ready"],
    ["jsonpath={.status.phase}=Down", "waiting"],
    ["jsonpath={.status.count}=3", "ready"],
    ["jsonpath={.status.phase}", "ready"],
    ["jsonpath={.status.address}", "waiting"],
    ["jsonpath={.metadata.annotations['a.b/c']}=d", "ready"],
    ['jsonpath={.status.conditions[?(@.type=="Stuck")].status}=False', "ready"],
    ["jsonpath={.status.conditions[*].type}=Stuck", "ready"],
    ['["condition=Ready", "jsonpath={.status.phase}=Down"]', "waiting"],
  ])("%s: %s", async (expression, wanted) => {
    const judge = customJudge(annotated(expression));
    expect((await judge?.(live, scene))?.state).toBe(wanted);
  });

  it.each(["Ready", "[]", '["x"]', "jsonpath={.a[(b)]}"])(
    "%s is refused, with the form it must have",
    (expression) => {
      expect(() => customJudge(annotated(expression))).toThrow(/pulumi.com\/waitFor.*must be/);
    },
  );
});

describe("waiting", () => {
  const claim = objectOf("PersistentVolumeClaim", {}, { phase: "Pending" });
  const options = { ...scene, timeoutMs: 50, progress: () => undefined };

  it("takes its time from customTimeouts, else from the annotation, else ten minutes", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/timeoutSeconds": "7" } } };
    expect([timeoutMs(annotated, 3), timeoutMs(annotated, undefined), timeoutMs({}, undefined)]).toEqual([
      3000, 7000, 600000,
    ]);
  });

  it("ends when the time is up, with what was missing then, and not when it was last looked at", async () => {
    const seen = (when: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace: "n" },
      data: { when },
    });
    const late = await startApiServer(() => ({ body: seen("after the time was up") }));
    const lateCluster = new Cluster(late.access);
    const waited = await waitUntilReady(asObject(seen("before")), {
      ...options,
      cluster: lateCluster,
      timeoutMs: 0,
      judge: ({ data }) => ({ state: "waiting", reasons: [JSON.stringify(data)] }),
    });
    await lateCluster.close();
    await late.close();
    expect(waited.reasons).toEqual([
      expect.stringContaining("was not ready within"),
      '{"when":"after the time was up"}',
    ]);
  });

  it("ends when the engine cancels", async () => {
    const cancelled = new AbortController();
    const judge = () => {
      cancelled.abort();
      return { state: "waiting" as const, reasons: ["a node"] };
    };
    const waited = await waitUntilReady(claim, {
      ...options,
      timeoutMs: 60_000,
      signal: cancelled.signal,
      judge,
    });
    expect(waited.reasons).toEqual(["the waiting was cancelled", "a node"]);
  });
});
