import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../../sandbox/providers/kit/index.ts";
import { type Made, type ProviderSandbox, startProviderSandbox, token$ } from "./sandbox.ts";

let sandbox: ProviderSandbox;
let made: Made[];

beforeAll(async () => {
  sandbox = await startProviderSandbox();
  made = [];
});

afterAll(async () => {
  for (const resource of made.reverse()) await sandbox.delete(resource);
  await sandbox.close();
});

async function make(type: string, name: string, inputs: PropertyMap): Promise<Made> {
  const resource = await sandbox.make(token$(type), name, inputs);
  made.push(resource);
  return resource;
}

const rule = { entryPort: 80, entryProtocol: "http", targetPort: 80, targetProtocol: "http" };
const worker = { name: "worker", region: "fra1", size: "s-1vcpu-1gb", image: "debian-13-x64" };

describe("a state that the vendor's plugin wrote", () => {
  it("is read where it holds an empty setting of another engine, which the API refuses to be asked for", async () => {
    const database = await make("DatabaseCluster", "pg", {
      ...{ name: "pg-main", engine: "pg", version: "18", region: "fra1" },
      ...{ size: "db-s-1vcpu-2gb", nodeCount: 1 },
    });
    const theirs = { ...database, outputs: { ...database.outputs, evictionPolicy: "", sqlMode: "" } };
    const now = await sandbox.read(theirs);
    expect(now?.id).toBe(database.id);
    expect(now?.inputs).toEqual(database.inputs);
  });

  it("keeps what the vendor's bridge says of it", async () => {
    const bucket = await make("SpacesBucket", "static", { name: "static-assets", region: "fra1" });
    const cdn = await make("Cdn", "cdn", { origin: `${bucket.id}.fra1.digitaloceanspaces.com` });
    const meta = '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":120000000000},"schema_version":"1"}';
    const theirs = { ...cdn, outputs: { ...cdn.outputs, __meta: meta } };
    expect((await sandbox.read(theirs))?.outputs.__meta).toBe(meta);
    expect((await sandbox.update(theirs, { ...cdn.inputs, ttl: 600 })).outputs.__meta).toBe(meta);
  });
});

describe("a state for the vendor's plugin", () => {
  it("says which shape it has: it is converted as a state of old where it does not, which asks for what is not there", async () => {
    const droplet = await make("Droplet", "shaped", { ...worker, name: "shaped" });
    expect(droplet.outputs.__meta).toBe('{"schema_version":"1"}');
    const vpc = await make("Vpc", "net", { name: "net", region: "fra1" });
    expect(vpc.outputs).not.toHaveProperty("__meta");
  });

  it("has the defaults that are false in its outputs only", async () => {
    const droplet = await make("Droplet", "worker", worker);
    const outputs = { ipv6: false, gracefulShutdown: false, backups: false, resizeDisk: true };
    expect(droplet.outputs).toMatchObject(outputs);
    expect(droplet.inputs).toEqual({ __defaults: ["resizeDisk"], ...worker, resizeDisk: true });
  });
});

describe("a default that is false", () => {
  it("changes nothing, whether a state of before holds it or the program says it", async () => {
    const droplet = await make("Droplet", "quiet", { ...worker, name: "quiet" });
    const inputs = { ...worker, name: "quiet" };
    const spelt = { ipv6: false, backups: false };
    const before = { ...droplet.inputs, __defaults: ["backups", "ipv6", "resizeDisk"], ...spelt };
    expect(await sandbox.diff({ ...droplet, inputs: before }, inputs)).toEqual([]);
    expect(await sandbox.diff(droplet, { ...inputs, ...spelt })).toEqual([]);
    expect(await sandbox.diff({ ...droplet, inputs: { ...droplet.inputs, ...spelt } }, inputs)).toEqual([]);
  });

  it("is gone back to where somebody has changed it meanwhile", async () => {
    const inputs = { name: "pool", region: "fra1", forwardingRules: [rule] };
    const balancer = await make("LoadBalancer", "edge", inputs);
    const drifted = { ...balancer, outputs: { ...balancer.outputs, redirectHttpToHttps: true } };
    expect(await sandbox.diff(drifted, inputs)).toEqual(["redirectHttpToHttps"]);
  });
});
