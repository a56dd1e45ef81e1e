import { afterEach, describe, expect, it } from "vitest";
import { clusterAccess } from "../../../../sandbox/providers/kubernetes/cluster/access.ts";
import { ApiError } from "../../../../sandbox/providers/kubernetes/cluster/api-error.ts";
import { Cluster, UnservedKindError } from "../../../../sandbox/providers/kubernetes/cluster/cluster.ts";
import { ClusterPool } from "../../../../sandbox/providers/kubernetes/cluster/cluster-pool.ts";
import { type FakeApiServer, kubeconfigOf, type Reply, startApiServer } from "./api-server.ts";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "n" } };
const signal = new AbortController().signal;
const write = { fieldManager: "pulumi-kubernetes", dryRun: false, signal };
const opened: { close(): Promise<void> }[] = [];

/** A cluster whose server gives these answers in turn, the last one for ever. */
async function open(...replies: Reply[]): Promise<{ cluster: Cluster; server: FakeApiServer }> {
  const server = await startApiServer(() => (replies.length > 1 ? replies.shift() : replies[0]) ?? {});
  const cluster = new Cluster(server.access);
  opened.push(cluster, server);
  return { cluster, server };
}

const made = (secondsAgo: number) => ({
  ...object,
  metadata: {
    ...object.metadata,
    creationTimestamp: new Date(Date.now() - secondsAgo * 1000).toISOString(),
    managedFields: [{ manager: "pulumi-kubernetes", operation: "Update" }],
  },
});
const exists = { status: 409, body: { reason: "AlreadyExists", message: 'configmaps "x" already exists' } };

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

describe("faults that pass", () => {
  it.each([
    ["too many requests", { status: 429, headers: { "retry-after": "0" } }],
    ["an internal error", { status: 500 }],
    ["a proxy that cannot reach the server", { status: 503 }],
    ["a connection that is cut off", { reset: true }],
  ])("are tried again: %s", async (_name, fault) => {
    const { cluster, server } = await open(fault, fault, { body: object });
    expect(await cluster.get(CONFIG_MAP, "n", "x", signal)).toMatchObject(object);
    expect(server.requests).toHaveLength(3);
  });

  const denied = {
    status: 403,
    body: {
      reason: "Forbidden",
      message: 'configmaps is forbidden: User "u" cannot get resource "configmaps"',
    },
  };

  it("are denials of a server that does not know yet who may do what: until it is ready", async () => {
    let isReady = false;
    let unready = 0;
    const server = await startApiServer(({ path }) => {
      if (path === "/readyz") {
        if (!isReady) unready++;
        // It becomes ready between two questions.
        isReady = unready > 1;
        return { status: isReady ? 200 : 403 };
      }
      return isReady ? { body: object } : denied;
    });
    const cluster = new Cluster(server.access);
    opened.push(cluster, server);
    expect(await cluster.get(CONFIG_MAP, "n", "x", signal)).toMatchObject(object);
    expect(unready).toBe(2);
  });

  it("are no denials of one that is ready", async () => {
    const server = await startApiServer(({ path }) => (path === "/readyz" ? {} : denied));
    const cluster = new Cluster(server.access);
    opened.push(cluster, server);
    await expect(cluster.create(object, write)).rejects.toThrow('User "u" cannot');
    expect(server.requests.filter((request) => request.startsWith("POST"))).toHaveLength(2);
  });

  it("end when the engine cancels", async () => {
    const { cluster } = await open({ status: 503 });
    const cancelled = new AbortController();
    const asked = cluster.get(CONFIG_MAP, "n", "x", cancelled.signal);
    cancelled.abort();
    await expect(asked).rejects.toThrow(/abort/);
  });

  it("do not make an object twice: one that a lost try made is ours", async () => {
    const { cluster } = await open({ reset: true }, exists, { body: made(0) });
    expect(await cluster.create(object, write)).toMatchObject(object);
  });

  it("do not make somebody else's object ours", async () => {
    const before = await open({ reset: true }, exists, { body: made(60) });
    await expect(before.cluster.create(object, write)).rejects.toMatchObject({ reason: "AlreadyExists" });
    const unlost = await open(exists, { body: made(0) });
    await expect(unlost.cluster.create(object, write)).rejects.toMatchObject({ reason: "AlreadyExists" });
  });
});

describe("faults that stay", () => {
  it("are told with what the server says of each field", async () => {
    const causes = [
      { field: "spec.replicas", message: "must not be negative" },
      { field: "spec.selector", message: "is required" },
    ];
    const { cluster, server } = await open({
      status: 422,
      body: { reason: "Invalid", message: "it is invalid", details: { causes } },
    });
    const error = await cluster.create(object, write).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(String(error)).toMatch(
      /422 it is invalid\n {2}- spec.replicas: must not be negative\n {2}- spec.selector/,
    );
    expect(server.requests).toHaveLength(1);
  });

  it("name the kind that is not served, and what is", async () => {
    const { cluster } = await open({
      body: { paths: { "api/v1": { serverRelativeURL: "/openapi/v3/api/v1" } } },
    });
    const asked = cluster.get({ group: "", version: "v1", kind: "Dragon" }, "n", "x", signal);
    await expect(asked).rejects.toThrow(UnservedKindError);
    await expect(asked).rejects.toThrow(/does not serve v1 Dragon.*It serves v1/);
  });

  it("tell a server that is not there from one that refuses", async () => {
    const { cluster, server } = await open({});
    await server.close();
    const impatient = AbortSignal.timeout(100);
    await expect(cluster.reach(impatient)).rejects.toThrow(/abort/);
    const { cluster: forbidding } = await open({ status: 403, body: { message: "not you" } });
    await expect(forbidding.reach()).rejects.toThrow(/403 not you/);
  });
});

describe("access", () => {
  const choose = (options: Partial<Parameters<typeof clusterAccess>[0]>) =>
    clusterAccess({
      kubeconfig: kubeconfigOf("http://127.0.0.1:1"),
      context: undefined,
      cluster: undefined,
      ...options,
    });

  it("is the context's server and namespace", () => {
    expect(choose({})).toMatchObject({ server: "http://127.0.0.1:1", namespace: "default" });
    expect(choose({ kubeconfig: kubeconfigOf("http://127.0.0.1:2", { namespace: "team" }) }).namespace).toBe(
      "team",
    );
  });

  it.each([
    [{ context: "other" }, /no context "other"; it has c/],
    [{ cluster: "other" }, /leads to the cluster "other", which is not in it/],
    [{ kubeconfig: "::" }, /is not the text of a kubeconfig/],
    [{ kubeconfig: "/etc/hosts" }, /is not the text of a kubeconfig/],
    [{ kubeconfig: undefined }, /there is no kubeconfig: give the provider the text of one/],
  ])("says what is missing: %j", (options, why) => {
    expect(() => choose(options)).toThrow(why);
  });

  it("is had with no program, no file and no other machine", () => {
    const kubeconfig = kubeconfigOf("http://127.0.0.1.example.com");
    expect(() => choose({ kubeconfig })).toThrow(/leads to .*clusters on loopback only/);
    const asking = kubeconfigOf("http://127.0.0.1:1").replace('"token":"t"', '"exec":{"command":"id"}');
    expect(() => choose({ kubeconfig: asking })).toThrow(/names the program "id"/);
  });

  it("is shared by those who use the same server with the same credentials", async () => {
    const pool = new ClusterPool();
    const one = pool.lease(choose({}));
    const same = pool.lease(choose({}));
    const other = pool.lease(choose({ kubeconfig: kubeconfigOf("http://127.0.0.1:1", { token: "u" }) }));
    expect(same.cluster).toBe(one.cluster);
    expect(other.cluster).not.toBe(one.cluster);
    await one.release();
    expect(pool.lease(choose({})).cluster).toBe(same.cluster);
    await Promise.all([same.release(), same.release(), other.release()]);
    expect(pool.lease(choose({})).cluster).not.toBe(same.cluster);
  });
});
