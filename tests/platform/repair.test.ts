import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDead, parseLocks } from "../../platform/repair/locks.ts";
import { type CloudApi, findCreated } from "../../platform/repair/lookup.ts";
import { applyRepair, isEmpty, planRepair } from "../../platform/repair/plan.ts";
import { parseState, type StackState, type StateResource } from "../../platform/repair/state.ts";

const vpcType = "digitalocean:index/vpc:Vpc";
const urnOf = (type: string, name: string) => `urn:pulumi:staging::whisper-platform::${type}::${name}`;

const resource = (type: string, name: string, inputs: Record<string, unknown> = { name }): StateResource => ({
  urn: urnOf(type, name),
  type,
  custom: true,
  inputs,
});

const pending = (type: string, of: StateResource): StackState => ({
  resources: [],
  pending_operations: [{ type, resource: of }],
});

/** A cloud that has these lists, by path. */
function cloudWith(
  lists: Record<string, Record<string, unknown>[]>,
): CloudApi & { readonly deleted: string[] } {
  const deleted: string[] = [];
  return {
    deleted,
    list: async (path) => lists[path] ?? [],
    delete: async (path) => {
      deleted.push(path);
    },
    hasBucket: async (region, name) => lists[`bucket ${region}/${name}`] !== undefined,
  };
}

describe("planning a repair", () => {
  it("has nothing to do when nothing is pending", () => {
    expect(isEmpty(planRepair(parseState({ resources: [resource(vpcType, "a")] })))).toBe(true);
    expect(isEmpty(planRepair(parseState(undefined)))).toBe(true);
  });

  it("looks for creates in the cloud, and drops those that can simply be made again", () => {
    const kubernetes = resource("kubernetes:core/v1:ConfigMap", "settings");
    const plan = planRepair({
      pending_operations: [
        { type: "creating", resource: resource(vpcType, "a") },
        { type: "creating", resource: kubernetes },
      ],
    });
    expect(plan.lookUp.map(({ urn }) => urn)).toEqual([urnOf(vpcType, "a")]);
    expect(plan.drop).toEqual([kubernetes]);
  });

  it("reads again what was being changed or deleted, if it is recorded", () => {
    const recorded = { ...resource(vpcType, "a"), id: "1" };
    const plan = planRepair({
      resources: [recorded],
      pending_operations: [
        { type: "updating", resource: recorded },
        { type: "deleting", resource: { ...resource(vpcType, "b"), id: "2" } },
      ],
    });
    expect(plan).toEqual({ lookUp: [], drop: [], reread: [recorded.urn] });
  });

  it("reads what an earlier repair did not come to read, if it is recorded by now", () => {
    const recorded = { ...resource(vpcType, "a"), id: "1" };
    const unread = [recorded.urn, urnOf(vpcType, "b")];
    expect(planRepair({ resources: [recorded] }, unread).reread).toEqual([recorded.urn]);
  });
});

describe("applying a repair", () => {
  it("records what was found, with its id and all that the state said of it", () => {
    const inputs = { __defaults: [], name: "a", rules: [{ __defaults: ["port"], port: 22 }] };
    const made = { ...resource(vpcType, "a", inputs), parent: "urn:parent", protect: true };
    const repaired = applyRepair(pending("creating", made), new Map([[made.urn, "id-1"]]));
    const outputs = { id: "id-1", name: "a", rules: [{ port: 22 }] };
    expect(repaired.resources).toEqual([{ ...made, id: "id-1", outputs }]);
    expect(repaired.pending_operations).toEqual([]);
  });

  it("keeps the old record of what was being replaced, to be deleted", () => {
    const old = { ...resource(vpcType, "a"), id: "old" };
    const state = {
      resources: [old],
      pending_operations: [{ type: "creating", resource: resource(vpcType, "a") }],
    };
    const repaired = applyRepair(state, new Map([[old.urn, "new"]]));
    expect(repaired.resources).toMatchObject([{ id: "old", delete: true }, { id: "new" }]);
  });

  it("drops the record of what was deleted already to be replaced, and keeps what depends on it behind it", () => {
    const urn = urnOf(vpcType, "a");
    const deleted = { ...resource(vpcType, "a"), id: "old", pendingReplacement: true };
    const dependent = { ...resource(vpcType, "b"), id: "b", dependencies: [urn] };
    const state = {
      resources: [deleted, dependent],
      pending_operations: [{ type: "creating", resource: resource(vpcType, "a") }],
    };
    const repaired = applyRepair(state, new Map([[urn, "new"]]));
    expect(repaired.resources?.map(({ id }) => id)).toEqual(["new", "b"]);
  });

  it("never loses a record, never leaves anything pending, and adopts nothing that was not found", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 6 });
    fc.assert(
      fc.property(names, names, fc.func(fc.boolean()), (recorded, creating, isFound) => {
        const state: StackState = {
          resources: recorded.map((name) => ({ ...resource(vpcType, name), id: `old-${name}` })),
          pending_operations: creating.map((name) => ({
            type: "creating",
            resource: resource(vpcType, name),
          })),
        };
        const found = new Map(
          creating.filter((name) => isFound(name)).map((name) => [urnOf(vpcType, name), `new-${name}`]),
        );
        const repaired = applyRepair(state, found);
        const ids = (repaired.resources ?? []).map(({ id }) => id);
        expect(repaired.pending_operations).toEqual([]);
        expect(new Set(ids)).toEqual(new Set([...recorded.map((name) => `old-${name}`), ...found.values()]));
      }),
    );
  });
});

describe("looking for what a killed create made", () => {
  it("finds by name, and takes the id that the provider uses", async () => {
    const api = cloudWith({
      "/v2/vpcs": [
        { id: "other", name: "b" },
        { id: "mine", name: "a" },
      ],
      "/v2/certificates": [{ id: "uuid", name: "edge" }],
      "/v2/databases/c1/users": [{ name: "app" }],
      "/v2/domains/example.com/records": [{ id: 7, type: "A", name: "@", data: "198.51.100.7" }],
    });
    const record = { domain: "example.com", type: "A", name: "@", value: "198.51.100.7" };
    expect(await findCreated(api, resource(vpcType, "a"))).toBe("mine");
    expect(await findCreated(api, resource("digitalocean:index/certificate:Certificate", "edge"))).toBe(
      "edge",
    );
    expect(
      await findCreated(
        api,
        resource("digitalocean:index/databaseUser:DatabaseUser", "app", { clusterId: "c1", name: "app" }),
      ),
    ).toBe("c1/user/app");
    expect(await findCreated(api, resource("digitalocean:index/dnsRecord:DnsRecord", "apex", record))).toBe(
      "7",
    );
    expect(await findCreated(api, resource(vpcType, "missing"))).toBeUndefined();
  });

  it("tells records of one certificate authority by their tag", async () => {
    const caa = { type: "CAA", name: "@", data: "letsencrypt.org" };
    const path = "/v2/domains/example.com/records";
    const inputs = {
      domain: "example.com",
      type: "CAA",
      name: "@",
      value: "letsencrypt.org.",
      tag: "issuewild",
    };
    const wanted = resource("digitalocean:index/dnsRecord:DnsRecord", "caa", inputs);
    const issue = { ...caa, id: 1, tag: "issue" };
    expect(await findCreated(cloudWith({ [path]: [issue] }), wanted)).toBeUndefined();
    const issuewild = { ...caa, id: 2, tag: "issuewild" };
    expect(await findCreated(cloudWith({ [path]: [issue, issuewild] }), wanted)).toBe("2");
  });

  it("leaves alone what is older than the create: it is somebody else's", async () => {
    const api = cloudWith({ "/v2/vpcs": [{ id: "theirs", name: "a", created_at: "2026-11-20T09:00:00Z" }] });
    const begun = (created: string) => ({ ...resource(vpcType, "a"), created });
    expect(await findCreated(api, begun("2026-11-21T09:00:00Z"))).toBeUndefined();
    expect(await findCreated(api, begun("2026-11-20T09:00:01Z"))).toBe("theirs");
  });

  it("asks Spaces for buckets", async () => {
    const bucket = "digitalocean:index/spacesBucket:SpacesBucket";
    const api = cloudWith({ "bucket tor1/media": [] });
    expect(await findCreated(api, resource(bucket, "b", { region: "tor1", name: "media" }))).toBe("media");
    expect(await findCreated(api, resource(bucket, "b", { region: "tor1", name: "other" }))).toBeUndefined();
  });

  it("discards a Spaces key, whose secret is told only once", async () => {
    const api = cloudWith({ "/v2/spaces/keys": [{ name: "k", access_key: "DO1" }] });
    expect(await findCreated(api, resource("digitalocean:index/spacesKey:SpacesKey", "k"))).toBeUndefined();
    expect(api.deleted).toEqual(["/v2/spaces/keys/DO1"]);
  });
});

describe("the engine's complaint about a lock", () => {
  const complaint = (pid: number, host: string) =>
    `error: the stack is currently locked by 1 lock(s).\n  file:///s/locks/x.json: created by root@${host} (pid ${pid}) at 2026-11-21T09:00:00Z`;

  it("is read for who holds it", () => {
    expect(parseLocks(complaint(4711, "laptop.local"))).toEqual([
      { user: "root", host: "laptop.local", pid: 4711 },
    ]);
    expect(parseLocks("[409] Conflict: Another update is currently in progress.")).toEqual([]);
  });

  it("is dead only when its process ran here, and runs no more", async () => {
    const { hostname } = await import("node:os");
    expect(isDead({ user: "root", host: hostname(), pid: process.pid })).toBe(false);
    expect(isDead({ user: "root", host: "elsewhere", pid: 999_999_999 })).toBe(false);
    expect(isDead({ user: "root", host: hostname(), pid: 999_999_999 })).toBe(true);
  });
});
