import { afterEach, describe, expect, it } from "vitest";
import {
  type ApplyOptions,
  createObject,
  updateObject,
} from "../../../../sandbox/providers/kubernetes/apply.ts";
import { Cluster } from "../../../../sandbox/providers/kubernetes/cluster/cluster.ts";
import { type FakeApiServer, type Reply, startApiServer } from "./api-server.ts";

const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "n" } };
const missing: Reply = { status: 404, body: { reason: "NotFound", message: 'configmaps "x" not found' } };
const opened: { close(): Promise<void> }[] = [];

async function connect(options: Partial<ApplyOptions>, replies: Reply[]) {
  const server: FakeApiServer = await startApiServer(() => replies.shift() ?? { body: object });
  const cluster = new Cluster(server.access);
  opened.push(cluster, server);
  const applyOptions: ApplyOptions = {
    cluster,
    fieldManager: "pulumi-kubernetes-0123abcd",
    enablePatchForce: false,
    upsertExistingObjects: false,
    dryRun: false,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...options,
  };
  return { applyOptions, server };
}

async function scene(options: Partial<ApplyOptions>, ...replies: Reply[]) {
  const { applyOptions, server } = await connect(options, replies);
  const made = createObject(object, applyOptions);
  return { made, server };
}

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

describe("making an object", () => {
  it("waits for a namespace that is being made, or being deleted by a killed run", async () => {
    const causes = [{ reason: "NamespaceTerminating", message: "it is being terminated" }];
    const terminating = {
      status: 403,
      body: { reason: "Forbidden", message: "not now", details: { causes } },
    };
    const { made, server } = await scene({}, missing, terminating);
    expect(await made).toMatchObject(object);
    expect(server.requests).toHaveLength(3);
  });

  it("does not wait in a preview", async () => {
    // As often as it is asked: a connection that breaks on a loaded machine is tried again.
    const { made } = await scene({ dryRun: true }, ...Array<Reply>(5).fill(missing));
    await expect(made).rejects.toMatchObject({ status: 404 });
  });

  it("waits for an object of that name to be gone when it is being deleted, then makes the new one", async () => {
    const leaving = {
      ...object,
      metadata: { ...object.metadata, uid: "1", deletionTimestamp: "2026-11-21T00:00:00Z" },
    };
    const upsert = { upsertExistingObjects: true };
    const { made, server } = await scene(upsert, { body: leaving }, { body: leaving }, missing);
    expect(await made).toMatchObject(object);
    expect(server.requests.map((request) => request.split(" ")[0])).toEqual(["GET", "GET", "GET", "PATCH"]);
  });

  it("says what can be done about one that is there already", async () => {
    const exists = {
      status: 409,
      body: { reason: "AlreadyExists", message: 'configmaps "x" already exists' },
    };
    const { made } = await scene({}, exists);
    await expect(made).rejects.toThrow(/already exists.*alias.*pulumi import.*upsertExistingObjects/);
  });
});

describe("changing an object", () => {
  it("writes nothing in a preview: every request that writes is a dry run", async () => {
    const { applyOptions, server } = await connect({ dryRun: true }, []);
    await updateObject(object, [], applyOptions);
    expect(server.dryRuns).toEqual(["PATCH /api/v1/namespaces/n/configmaps/x"]);
    expect(server.requests.filter((request) => !request.startsWith("GET"))).toEqual(server.dryRuns);
  });
});
