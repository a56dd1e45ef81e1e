import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ServedProvider, serveProvider } from "../../../../sandbox/providers/kit/index.ts";
import { type EngineStack, openStack } from "../engine.ts";
import { type ProviderSandbox, startProviderSandbox } from "./sandbox.ts";

/** What a test turns. */
interface Knobs {
  region: string;
  workers: number;
  bucketName: string;
  dropletSize: string;
  importVpc: string | undefined;
}

const initial: Knobs = {
  region: "fra1",
  workers: 2,
  bucketName: "media-of-the-test",
  dropletSize: "s-1vcpu-1gb",
  importVpc: undefined,
};

let knobs: Knobs;
let sandbox: ProviderSandbox;
let served: ServedProvider;
let opened: EngineStack;

/** A small platform: network, workers with user data, a database behind its firewall, buckets, names. */
const program: PulumiFn = async () => {
  const { region } = knobs;
  const options = knobs.importVpc === undefined ? {} : { import: knobs.importVpc };
  const vpc = new digitalocean.Vpc("net", { name: "net", region, ipRange: "10.40.0.0/16" }, options);
  const tag = new digitalocean.Tag("worker", { name: "worker" });
  const workers = Array.from(
    { length: knobs.workers },
    (_, index) =>
      new digitalocean.Droplet(`worker-${index}`, {
        name: `worker-${index}`,
        region,
        size: knobs.dropletSize,
        image: "debian-13-x64",
        vpcUuid: vpc.id,
        tags: [tag.name],
        userData: pulumi.secret("#cloud-config\n# token-in-user-data\n"),
      }),
  );
  const database = new digitalocean.DatabaseCluster("pg", {
    name: "pg-main",
    engine: "pg",
    version: "18",
    size: "db-s-1vcpu-2gb",
    region,
    nodeCount: 1,
    privateNetworkUuid: vpc.id,
  });
  const user = new digitalocean.DatabaseUser("app", { clusterId: database.id, name: "app" });
  new digitalocean.DatabaseFirewall("trusted", {
    clusterId: database.id,
    rules: [{ type: "tag", value: tag.name }],
  });
  new digitalocean.SpacesBucket("media", { name: knobs.bucketName, region, versioning: { enabled: true } });
  const project = new digitalocean.Project("project", { name: "whisper", environment: "Staging" });
  new digitalocean.ProjectResources("assigned", {
    project: project.id,
    resources: [database.clusterUrn, ...workers.map((worker) => worker.dropletUrn)],
  });
  const sizes = digitalocean.getSizesOutput({ filters: [{ key: "slug", values: [knobs.dropletSize] }] });
  return {
    uri: database.uri,
    password: user.password,
    priceMonthly: sizes.sizes.apply(([size]) => size?.priceMonthly),
    addresses: workers.map((worker) => worker.ipv4AddressPrivate),
  };
};

/** The program above, with the stack itself. */
const RESOURCES = 11;

beforeAll(async () => {
  sandbox = await startProviderSandbox();
  served = await serveProvider(sandbox.provider, { port: 0 });
});

afterAll(async () => {
  await served.close();
  await sandbox.close();
});

beforeEach(async () => {
  knobs = { ...initial };
  opened = await openStack(program, { digitalocean: served.port });
});

afterEach(async () => {
  knobs = { ...initial };
  sandbox.faults.clear();
  await opened.stack.destroy();
  await opened.remove();
  expect((await sandbox.get("/v2/droplets")).body.droplets).toEqual([]);
  expect((await sandbox.get("/v2/databases")).body.databases ?? []).toEqual([]);
});

describe("the DigitalOcean stand-in under the real engine", () => {
  it("goes up, finds nothing to do, sees no drift, changes in place and by replacement", async () => {
    const { stack } = opened;
    expect((await stack.preview()).changeSummary).toEqual({ create: RESOURCES });
    const up = await stack.up();
    expect(up.summary.resourceChanges).toEqual({ create: RESOURCES });
    const outputs = await opened.outputs();
    expect(outputs.uri?.secret).toBe(true);
    expect(outputs.priceMonthly?.value).toBeGreaterThan(0);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: RESOURCES });
    expect((await stack.refresh({ expectNoChanges: true })).summary.resourceChanges).toEqual({
      same: RESOURCES,
    });

    knobs.dropletSize = "s-2vcpu-4gb";
    expect((await stack.up({ onEvent: opened.onEvent })).summary.resourceChanges).toEqual({
      update: 2,
      same: RESOURCES - 2,
    });
    const updates = opened.events.flatMap((event) => {
      const step = event.resourcePreEvent?.metadata;
      return step?.op === "update" ? [step.detailedDiff] : [];
    });
    expect(updates).toEqual([
      { size: { diffKind: "update", inputDiff: true } },
      { size: { diffKind: "update", inputDiff: true } },
    ]);

    knobs.workers = 3;
    const grown = await stack.up();
    expect(grown.summary.resourceChanges).toEqual({ create: 1, update: 1, same: RESOURCES - 1 });
    knobs.region = "ams3";
    // Network, droplets and bucket are replaced; a database migrates.
    expect((await stack.preview()).changeSummary).toMatchObject({ replace: expect.any(Number) });
    knobs = { ...knobs, region: initial.region, bucketName: "other-media-of-the-test" };
    await expect(stack.preview()).rejects.toThrow("cannot be renamed");
    knobs.bucketName = initial.bucketName;
  });

  it("keeps secrets out of the state's clear text", async () => {
    await opened.stack.up();
    const outputs = await opened.outputs();
    const state = await opened.readState();
    for (const name of ["uri", "password"]) {
      const secret = String(outputs[name]?.value);
      expect(secret.length).toBeGreaterThan(8);
      expect(state).not.toContain(secret);
    }
    expect(state).not.toContain("token-in-user-data");
  });

  it("imports what is there already, without a change", async () => {
    const made = await sandbox.make("digitalocean:index/vpc:Vpc", "net", {
      name: "net",
      region: "fra1",
      ipRange: "10.40.0.0/16",
    });
    knobs.importVpc = made.id;
    const up = await opened.stack.up();
    expect(up.summary.resourceChanges).toEqual({ create: RESOURCES - 1, import: 1 });
    expect((await opened.stack.up()).summary.resourceChanges).toEqual({ same: RESOURCES });
  });

  it("sees what was changed or deleted behind its back", async () => {
    await opened.stack.up();
    const { deployment } = await opened.stack.exportStack();
    const worker: { id: string } = deployment.resources.find(({ urn }: { urn: string }) =>
      urn.endsWith("::worker-0"),
    );
    await sandbox.delete({
      type: "digitalocean:index/droplet:Droplet",
      name: "worker-0",
      id: worker.id,
      inputs: {},
      outputs: {},
    });
    const refreshed = await opened.stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ delete: 1 });
    expect((await opened.stack.up()).summary.resourceChanges).toMatchObject({ create: 1 });
  });

  it("refuses a region, a size and a misspelt property that do not exist, in the preview", async () => {
    knobs.region = "mars1";
    await expect(opened.stack.preview()).rejects.toThrow(
      '"mars1" is not among the regions that DigitalOcean offers',
    );
    knobs = { ...initial, dropletSize: "s-1vcpu-1gbb" };
    await expect(opened.stack.preview()).rejects.toThrow('did you mean "s-1vcpu-1gb"?');
  });

  it("makes everything once while a fifth of the answers fail", async () => {
    sandbox.faults.replace({
      seed: 7,
      rules: [
        { path: "/v2/**", rate: 0.1, status: 503 },
        { path: "/v2/**", rate: 0.1, drop: "after" },
      ],
    });
    const up = await opened.stack.up();
    expect(up.summary.resourceChanges).toEqual({ create: RESOURCES });
    sandbox.faults.clear();
    const { droplets } = (await sandbox.get("/v2/droplets")).body as { droplets: { name: string }[] };
    expect(droplets.map(({ name }) => name).sort()).toEqual(["worker-0", "worker-1"]);
  });
});
