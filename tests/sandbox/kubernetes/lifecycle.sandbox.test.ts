import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SHOWN_AT } from "../../../sandbox/kubernetes/nodes/overlooked-pods.ts";
import type { ClusterSpec, KubernetesRuntime } from "../../../sandbox/kubernetes/runtime.ts";
import { listProcesses } from "../../../sandbox/processes/processes.ts";
import {
  clusterSpec,
  eventually,
  type RuntimeFixture,
  runtimeFixture,
  TestClient,
} from "./cluster-fixture.ts";
import { type FakeCloud, startFakeCloud } from "./fake-cloud.ts";
import { nodeSpec } from "./node-spec.ts";

const run = promisify(execFile);

let cloud: FakeCloud;
let fixture: RuntimeFixture;
let runtime: KubernetesRuntime;
let cluster: ClusterSpec;

beforeAll(async () => {
  cloud = await startFakeCloud();
  fixture = await runtimeFixture(cloud);
  runtime = fixture.runtime;
  cluster = clusterSpec(runtime, "lifecycle");
  const starting = runtime.start(cluster);
  expect(runtime.isIdle()).toBe(false);
  await starting;
  await runtime.setNodes(cluster.id, [nodeSpec(1)]);
});

afterAll(async () => {
  await runtime?.close();
  await fixture?.remove();
  await cloud?.close();
});

/** Processes that run for a cluster in this test's folder. */
async function processes(): Promise<number[]> {
  const all = await listProcesses();
  return all
    .filter(({ argv }) => argv.some((argument) => argument.includes(`${fixture.directory}/`)))
    .map(({ pid }) => pid);
}

async function withClient<T>(use: (client: TestClient) => Promise<T>): Promise<T> {
  const client = new TestClient(await runtime.credentials(cluster.id));
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function runsPod(name: string): Promise<void> {
  const pods = "/api/v1/namespaces/default/pods";
  const pod = { metadata: { name }, spec: { containers: [{ name: "main", image: "example.org/app:1" }] } };
  await withClient(async (client) => {
    await eventually(`the pod ${name} is accepted`, async () => {
      const { status } = await client.call("POST", pods, pod).catch(() => ({ status: 0 }));
      return status === 201 || status === 409 || undefined;
    });
    await eventually(`the pod ${name} runs`, async () => {
      const answer = await client.call("GET", `${pods}/${name}`).catch(() => undefined);
      return answer?.body.status?.phase === "Running" || undefined;
    });
  });
}

describe("credentials", () => {
  it("are a kubeconfig in DOKS's form", async () => {
    const kubeconfig = parse(await runtime.kubeconfig(cluster.id));
    expect(kubeconfig["current-context"]).toBe("do-fra1-lifecycle");
    expect(kubeconfig.users[0].name).toBe("do-fra1-lifecycle-admin");
    const { server, token } = await runtime.credentials(cluster.id);
    expect(kubeconfig.clusters[0].cluster.server).toBe(server);
    expect(kubeconfig.users[0].user).toEqual({ token });
  });

  it("are those of an administrator", async () => {
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { verb: "*", resource: "*", group: "*" } },
    };
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const { body } = await withClient((client) => client.call("POST", path, review));
    expect(body.status.allowed).toBe(true);
  });

  it("are reused while fresh, and refused from the time they name", async () => {
    const { token } = await runtime.credentials(cluster.id);
    expect((await runtime.credentials(cluster.id)).token).toBe(token);
    const shortLived = await runtime.credentials(cluster.id, { expirySeconds: 1 });
    await delay(Date.parse(shortLived.expiresAt) + 1 - Date.now());
    const client = new TestClient(shortLived);
    expect((await client.call("GET", "/api/v1/nodes")).status).toBe(401);
    await client.close();
  });
});

describe("a process that dies", () => {
  it.each(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"])(
    "is started again: %s",
    async (name) => {
      const find = () => runtime.report()[0]?.processes.find((process) => process.name === name);
      const before = find();
      if (before?.pid === undefined) throw new Error(`${name} does not run`);
      process.kill(before.pid, "SIGKILL");
      await eventually(
        "its death is reported",
        () => runtime.report()[0]?.message?.includes(name) || undefined,
      );
      await eventually(`${name} runs again`, () => {
        const { pid, restarts = 0 } = find() ?? {};
        return (pid !== undefined && restarts > before.restarts) || undefined;
      });
      await runsPod(`after-${name}`);
    },
  );
});

it("a pod that KWOK passed over is shown to it again", async () => {
  const kwok = runtime.report()[0]?.processes.find(({ name }) => name === "kwok");
  if (kwok?.pid === undefined) throw new Error("kwok does not run");
  const path = "/api/v1/namespaces/default/pods";
  const pod = {
    metadata: { name: "passed-over" },
    spec: { containers: [{ name: "main", image: "example.org/app:1" }] },
  };
  process.kill(kwok.pid, "SIGSTOP");
  try {
    await withClient(async (client) => {
      await client.call("POST", path, pod);
      await eventually("the pod is shown again", async () => {
        const { body } = await client.call("GET", `${path}/passed-over`);
        return body.metadata.annotations?.[SHOWN_AT];
      });
    });
  } finally {
    process.kill(kwok.pid, "SIGCONT");
  }
  await runsPod("passed-over");
});

describe("a cluster", () => {
  it("is started once, however often it is asked for", async () => {
    const before = await processes();
    await Promise.all([runtime.start(cluster), runtime.start(cluster)]);
    expect(await processes()).toEqual(before);
  });

  it("says that a stranger has its port, and resumes on it with its data once it is free", async () => {
    const before = await runtime.credentials(cluster.id);
    await runtime.close();
    expect(await processes()).toEqual([]);
    const stranger = createServer();
    const port = Number(new URL(before.server).port);
    await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
    runtime = fixture.again();
    await expect(runtime.start(cluster)).rejects.toThrow(/Port \d+ on 127\.0\.0\.1.*is taken/);
    expect(runtime.status(cluster.id)).toBe("error");
    expect(runtime.report()[0]?.message).toContain("is taken");
    await new Promise((resolve) => stranger.close(resolve));
    await runtime.start(cluster);
    expect(runtime.status(cluster.id)).toBe("running");
    expect((await runtime.credentials(cluster.id)).server).toBe(before.server);
    const client = new TestClient(before);
    expect((await client.call("GET", "/api/v1/nodes/main-1")).status).toBe(200);
    await client.close();
  });

  it("is taken over from a daemon that was killed, leaving no process behind", async () => {
    await runtime.close();
    const script = new URL("./start-and-wait.ts", import.meta.url).pathname;
    const child = execFile(process.execPath, ["--import", "tsx", script], {
      env: { ...process.env, CLUSTERS: fixture.directory, CLUSTER: JSON.stringify(cluster) },
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once("data", () => resolve());
      child.once("exit", (status) => reject(new Error(`The stand-in ended with ${status}`)));
    });
    child.kill("SIGKILL");
    runtime = fixture.again();
    await runtime.start(cluster);
    expect((await processes()).length).toBe(5);
    await runsPod("after-takeover");
  });

  it("leaves nothing when it is deleted, even while it starts", async () => {
    const other = clusterSpec(runtime, "short-lived");
    const starting = runtime.start(other);
    const outcome = expect(starting).rejects.toThrow();
    await runtime.delete(other.id);
    await outcome;
    await runtime.delete(cluster.id);
    expect(runtime.status(cluster.id)).toBe("error");
    expect(await processes()).toEqual([]);
    await expect(readFile(`${fixture.directory}/${cluster.id}/cluster.json`)).rejects.toThrow();
    expect((await run("ls", [fixture.directory])).stdout).toBe("");
  });
});
