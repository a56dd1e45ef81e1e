import { describe, expect, it } from "vitest";
import { Valkey, type ValkeyArgs } from "../../components/valkey/valkey.ts";
import { ownership, placement } from "./fixtures.ts";
import { isSecret, record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const make = (args: Partial<ValkeyArgs> = {}) =>
  new Valkey("queue", {
    ownership,
    placement: placement(),
    size: "db-s-1vcpu-1gb",
    trustedClusterIds: ["cluster-id"],
    ...args,
  });
const valkey = (args?: Partial<ValkeyArgs>) => record(() => make(args));

describe("Valkey", () => {
  it("is a queue that loses nothing by itself, and says that nobody backs it up and what may be lost", async () => {
    const recording = await valkey();
    expect(recording.named("queue-cluster").inputs).toMatchObject({
      name: "queue-cluster",
      engine: "valkey",
      version: "8",
      nodeCount: 1,
      evictionPolicy: "noeviction",
      tags: expect.arrayContaining(["store:valkey", "backup:none", "recovery-point:1h"]),
    });
    for (const role of ["sessions", "cache"] as const)
      expect((await valkey({ role })).named("queue-cluster").inputs).toMatchObject({
        tags: expect.arrayContaining(["recovery-point:everything"]),
      });
    expect(recording.named("queue-config").inputs).toEqual({
      clusterId: "queue-cluster-id",
      persistence: "rdb",
      ssl: true,
      timeout: 300,
    });
  });

  it("is a cache where told, which forgets and starts empty", async () => {
    const recording = await valkey({ role: "cache", idleTimeoutSeconds: 0 });
    expect(recording.named("queue-cluster").inputs).toMatchObject({ evictionPolicy: "allkeys_lru" });
    expect(recording.named("queue-config").inputs).toMatchObject({ persistence: "off", timeout: 0 });
  });

  it("lets sessions go by their end, and keeps the others over a restart", async () => {
    const recording = await valkey({ role: "sessions" });
    expect(recording.named("queue-cluster").inputs).toMatchObject({ evictionPolicy: "volatile_ttl" });
    expect(recording.named("queue-config").inputs).toMatchObject({ persistence: "rdb" });
  });

  it("writes to disk, or does not, where its role is overruled", async () => {
    const recording = await valkey({ role: "cache", persistence: "rdb" });
    expect(recording.named("queue-config").inputs).toMatchObject({ persistence: "rdb" });
  });

  it("is watched: a queue for its memory, of which a cache may use all", async () => {
    const queue = await resolved((await valkey({ size: "db-s-2vcpu-4gb" })).result.watched.rules);
    expect(queue).toMatchObject({ cpu: { value: 40 }, load: { value: 4 }, "memory-full": { value: 90 } });
    const cache = await resolved((await valkey({ role: "cache" })).result.watched.rules);
    expect(Object.keys(cache)).toEqual(["cpu", "load"]);
    expect(cache).toMatchObject({ cpu: { value: 80 } });
  });

  it("sends its log where told", async () => {
    const recording = await valkey({ logSink: { server: "logs.example.com", port: 514 } });
    expect(recording.named("queue-log-sink").inputs).toMatchObject({ port: 514, tls: true });
  });

  it("hands out ways in to its numbered databases, as secret as the first", async () => {
    const { result } = await valkey();
    const second = result.connectionTo(1);
    expect(await resolved(second.uri)).toBe("scheme://default:p@ss@queue-cluster.private.example:25060/1");
    expect(await isSecret(second.uri)).toBe(true);
    expect(() => result.connectionTo(16)).toThrow("database is 16");
  });

  it("lets in whom it trusts and nobody else", async () => {
    const recording = await valkey({ trustedTags: ["gpu-members"] });
    expect(recording.named("queue-firewall").inputs).toEqual({
      clusterId: "queue-cluster-id",
      rules: [
        { type: "k8s", value: "cluster-id" },
        { type: "tag", value: "gpu-members" },
      ],
    });
  });

  it("is protected, unless told otherwise", async () => {
    expect((await valkey()).named("queue-cluster").protect).toBe(true);
    expect((await valkey({ protect: false })).named("queue-cluster").protect).toBe(false);
  });

  it("stands by where wanted", async () => {
    const recording = await valkey({ size: "db-s-2vcpu-4gb", standbyNodes: 1 });
    expect(recording.named("queue-cluster").inputs).toMatchObject({ nodeCount: 2, size: "db-s-2vcpu-4gb" });
  });

  it("hands on how to reach it, over the VPC, and keeps the secret part secret", async () => {
    const { connection } = (await valkey()).result;
    expect(await resolved(connection)).toEqual({
      host: "queue-cluster.private.example",
      port: 25060,
      user: "default",
      password: "p@ss/word",
      uri: "scheme://default:p@ss@queue-cluster.private.example:25060",
    });
    expect(await isSecret(connection.uri)).toBe(true);
    expect(await isSecret(connection.password)).toBe(true);
  });

  itRefuses<ValkeyArgs>(make, [
    ["a size Valkey does not have", { size: "gd-2vcpu-8gb" }, ["size"]],
    ["a standby the size does not have", { standbyNodes: 1 }, ["standbyNodes"]],
    ["trust in nobody", { trustedClusterIds: [] }, ["trustedClusterIds"]],
    ["a log sent to no host", { logSink: { server: "" } }, ["logSink.server"]],
    ["a timeout below none", { idleTimeoutSeconds: -1 }, ["idleTimeoutSeconds"]],
  ]);
});
