import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClusterCredentials } from "../../../../sandbox/kubernetes/runtime.ts";
import {
  createKubernetesProvider,
  createRandomProvider,
  type ServedProvider,
  serveProvider,
} from "../../../../sandbox/providers/index.ts";
import {
  clusterSpec,
  eventually,
  type RuntimeFixture,
  runtimeFixture,
  TestClient,
} from "../../kubernetes/cluster-fixture.ts";
import { type FakeCloud, startFakeCloud } from "../../kubernetes/fake-cloud.ts";
import { nodeSpec } from "../../kubernetes/node-spec.ts";
import { type EngineStack, openStack } from "../engine.ts";
import { applicationOf, type Release } from "./application.ts";
import { type Claimed, claimedOf } from "./claimed.ts";
import { startFlakyProxy } from "./flaky-proxy.ts";
import { type Knobs, programOf } from "./program.ts";

/** What the program consists of, the stack and the provider included. */
const RESOURCES = 11;
const deployment = () => `/apis/apps/v1/namespaces/${knobs.namespace}/deployments/web`;

let cloud: FakeCloud;
let fixture: RuntimeFixture;
let credentials: ClusterCredentials;
let client: TestClient;
let kubeconfig = "";
let clusterId = "";
let providers: ServedProvider[] = [];
let opened: EngineStack;
let knobs: Knobs;
let count = 0;

beforeAll(async () => {
  cloud = await startFakeCloud();
  fixture = await runtimeFixture(cloud);
  const spec = clusterSpec(fixture.runtime, "engine");
  clusterId = spec.id;
  await fixture.runtime.start(spec);
  await fixture.runtime.setNodes(clusterId, [nodeSpec(1), nodeSpec(2)]);
  kubeconfig = await fixture.runtime.kubeconfig(clusterId);
  credentials = await fixture.runtime.credentials(clusterId);
  client = new TestClient(credentials);
  providers = [
    await serveProvider(createKubernetesProvider(), { port: 0 }),
    await serveProvider(createRandomProvider(), { port: 0 }),
  ];
});

afterAll(async () => {
  await client.close();
  for (const provider of providers) await provider.close();
  await fixture.runtime.delete(clusterId);
  await fixture.runtime.close();
  await fixture.remove();
  await cloud.close();
});

beforeEach(async () => {
  count += 1;
  knobs = {
    namespace: `app-${count}`,
    awaitNamespace: false,
    kubeconfig,
    replicas: 2,
    greeting: "hello",
    spec: {},
    ignoreChanges: [],
    annotations: {},
    cpu: "0.1",
    upsert: false,
  };
  opened = await open();
});

afterEach(async () => {
  knobs.kubeconfig = kubeconfig;
  await opened.stack.destroy();
  await opened.remove();
});

/** A stack of a program, with no state yet. */
function open(program = programOf(knobs)): Promise<EngineStack> {
  const [kubernetes, random] = providers.map((provider) => provider.port);
  return openStack(program, { kubernetes: kubernetes ?? 0, random: random ?? 0 });
}

/** The operations on resources of Kubernetes that an update took: `op name: properties`. */
async function operations(): Promise<string[]> {
  const events: EngineEvent[] = [];
  await opened.stack.up({ onEvent: (event) => events.push(event) });
  return events
    .flatMap((event) => event.resourcePreEvent?.metadata ?? [])
    .filter(({ op, type }) => type.startsWith("kubernetes:") && !["same", "read"].includes(op))
    .map(
      ({ op, urn, detailedDiff }) =>
        `${op} ${urn.split("::").at(-1)}: ${Object.keys(detailedDiff ?? {}).join(", ")}`,
    )
    .sort();
}

describe("the Kubernetes stand-in under the real engine, on a real control plane", () => {
  it("creates, finds nothing to do, sees no drift, touches only what changes, replaces, destroys", async () => {
    knobs.awaitNamespace = true;
    const { stack } = opened;
    expect((await stack.preview()).changeSummary).toEqual({ create: RESOURCES });
    const up = await stack.up();
    expect(up.summary.resourceChanges).toEqual({ create: RESOURCES });
    expect((await opened.outputs()).address?.value).toMatch(/^10\.245\./);
    const state = await opened.readState();
    const { body: secret } = await client.call("GET", `/api/v1/namespaces/${knobs.namespace}/secrets/secret`);
    expect(secret.data.password).not.toBe("");
    expect(state).not.toContain(secret.data.password);
    expect(state).not.toContain(credentials.token);

    expect((await stack.up()).summary.resourceChanges).toEqual({ same: RESOURCES });
    expect((await stack.refresh({ expectNoChanges: true })).summary.result).toBe("succeeded");

    knobs.replicas = 3;
    expect(await operations()).toEqual(["update web: spec.replicas"]);
    expect((await client.call("GET", deployment())).body.status.availableReplicas).toBe(3);

    knobs.greeting = "good evening";
    expect(await operations()).toEqual([
      "create-replacement config: data.greeting",
      "delete-replaced config: ",
      "replace config: data.greeting",
      "update web: spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef.name",
    ]);

    expect((await stack.destroy()).summary.resourceChanges).toEqual({ delete: RESOURCES });
    expect((await client.call("GET", `/api/v1/namespaces/${knobs.namespace}`)).status).toBe(404);
  });

  it("refuses misspelt fields and wrong types in the preview, all at once with their paths", async () => {
    knobs.spec = { replicaz: 3, paused: "no" };
    await opened.stack.up({ target: ["**app"] });
    const refused = opened.stack.preview();
    await expect(refused).rejects.toThrow(/property spec\.replicaz .* did you mean replicas\?/);
    await expect(refused).rejects.toThrow(/property spec\.paused .* must be true or false/);
    expect((await client.call("GET", deployment())).status).toBe(404);
  });

  it("quarrels with nobody over fields: says who owns them, ignores or takes them, makes again what went", async () => {
    await opened.stack.up();
    await client.call("PATCH", `${deployment()}/scale`, { spec: { replicas: 4 } });
    await expect(opened.stack.refresh({ expectNoChanges: true })).rejects.toThrow(/no changes/);
    await opened.stack.refresh();
    await expect(opened.stack.up()).rejects.toThrow(
      /other managers own[\s\S]*\.spec\.replicas[\s\S]*ignoreChanges/,
    );

    knobs.ignoreChanges = ["spec.replicas"];
    knobs.annotations = { note: "new" };
    expect(await operations()).toEqual(["update web: metadata.annotations.note"]);
    expect((await client.call("GET", deployment())).body.spec.replicas).toBe(4);

    knobs.ignoreChanges = [];
    knobs.annotations = { note: "new", "pulumi.com/patchForce": "true" };
    await opened.stack.up();
    expect((await client.call("GET", deployment())).body.spec.replicas).toBe(2);

    await client.call("DELETE", `/api/v1/namespaces/${knobs.namespace}/services/web`);
    await opened.stack.refresh();
    expect(await operations()).toEqual(["create web: "]);
  });

  it("records what does not become ready, with the pod that keeps it, and goes on from there", async () => {
    knobs.cpu = "64";
    const refused = expect(opened.stack.up()).rejects.toThrow(
      /not ready within 300 s[\s\S]*Pod web-.* is not scheduled/,
    );
    await eventually("the scheduler has found no node", async () => {
      const { body } = await client.call("GET", `/api/v1/namespaces/${knobs.namespace}/pods`);
      return JSON.stringify(body).includes('"Unschedulable"') || undefined;
    });
    // The waiting is over when the time is, by the clock of this process.
    vi.useFakeTimers({ now: Date.now() + 300_000, toFake: ["Date"] });
    await refused.finally(() => vi.useRealTimers());
    expect(await opened.readState()).toContain(`"id":"${knobs.namespace}/web"`);
    knobs.cpu = "0.1";
    expect(await operations()).toContain(
      "update web: spec.template.spec.containers[0].resources.requests.cpu",
    );
    expect((await opened.stack.up()).summary.resourceChanges).toEqual({ same: RESOURCES });
  });

  it("refuses what is there already, or takes up what a run made and could not record", async () => {
    await opened.stack.up();
    const forgetful = await open();
    try {
      await expect(forgetful.stack.up()).rejects.toThrow(
        /namespaces "app-\d+" already exists.*upsertExistingObjects/,
      );
      knobs.upsert = true;
      expect((await forgetful.stack.up()).summary.result).toBe("succeeded");
      knobs.replicas = 1;
      await forgetful.stack.up();
      expect((await client.call("GET", deployment())).body.spec.replicas).toBe(1);
      const again = await open();
      expect((await again.stack.up()).summary.result).toBe("succeeded");
      knobs.replicas = 3;
      expect((await again.stack.up()).summary.resourceChanges).toMatchObject({ update: 1 });
      await again.remove();
    } finally {
      await forgetful.remove();
    }
  });

  it("comes up and goes through a fifth of all calls failing, nothing twice and nothing lost", async () => {
    const proxy = await startFlakyProxy(credentials, { seed: 20_251_121, share: 0.2 });
    knobs.kubeconfig = proxy.kubeconfig;
    knobs.awaitNamespace = true;
    try {
      expect((await opened.stack.up()).summary.resourceChanges).toEqual({ create: RESOURCES });
      expect((await opened.stack.up()).summary.resourceChanges).toEqual({ same: RESOURCES });
      expect((await opened.stack.destroy()).summary.resourceChanges).toEqual({ delete: RESOURCES });
      expect(proxy.failures()).toBeGreaterThan(5);
    } finally {
      await proxy.close();
    }
    expect((await client.call("GET", `/api/v1/namespaces/${knobs.namespace}`)).status).toBe(404);
  });
});

describe("the application, through the real engine, on a real control plane", () => {
  it("stays as it is when its migrations fail, and rolls out once they succeed", async () => {
    const release: Release = { namespace: knobs.namespace, kubeconfig, version: "1", migrates: true };
    await opened.remove();
    opened = await open(applicationOf(release));
    const { stack } = opened;
    const read = async (path: string) => (await client.call("GET", path)).body;
    const migrations = () => read(`/apis/batch/v1/namespaces/${release.namespace}/jobs/app-migrations`);
    /** What the Deployments are to run, and how many of their pods do, the latest alone. */
    const running = async () => {
      const deployments = ["app-api", "app-web"].map((name) =>
        read(`/apis/apps/v1/namespaces/${release.namespace}/deployments/${name}`),
      );
      return (await Promise.all(deployments)).map(
        ({ spec, status }) =>
          `${spec.template.spec.containers[0].image}, ${status.updatedReplicas} of ${status.availableReplicas}`,
      );
    };
    const first = ["example.com/api:1, 1 of 1", "example.com/web:1, 1 of 1"];
    await stack.up();
    expect(await running()).toEqual(first);

    release.version = "2";
    release.migrates = false;
    await expect(stack.up()).rejects.toThrow("Job app-migrations failed: DeadlineExceeded");
    expect((await migrations()).spec.template.spec.containers[0].image).toBe("example.com/api:2");
    expect(await running()).toEqual(first);

    release.migrates = true;
    await stack.up();
    expect((await migrations()).status).toMatchObject({ succeeded: 1 });
    expect(await running()).toEqual(["example.com/api:2, 1 of 1", "example.com/web:2, 1 of 1"]);
  });
});

describe("a StatefulSet of ours, through the real engine, on a real control plane", () => {
  it("is made anew where Kubernetes lets nobody change it, with the claim that it has, and left alone when that grows", async () => {
    const claimed: Claimed = { namespace: knobs.namespace, kubeconfig, templated: false, gib: 1 };
    await opened.remove();
    opened = await open(claimedOf(claimed));
    const claim = async () => {
      const path = `/api/v1/namespaces/${claimed.namespace}/persistentvolumeclaims/data-store-0`;
      return (await client.call("GET", path)).body.metadata.uid;
    };
    await opened.stack.up();
    const first = await claim();

    claimed.templated = true;
    const ops = (all: readonly string[]) => all.map((each) => each.split(":")[0]);
    expect(ops(await operations())).toEqual([
      "create-replacement store",
      "delete-replaced store",
      "replace store",
    ]);
    expect(await claim()).toBe(first);

    // What its template says of it is of no account.
    expect(await operations()).toEqual([]);
    claimed.gib = 2;
    expect(ops(await operations())).toEqual(["update store-data-0"]);
    expect(await claim()).toBe(first);
  });
});
