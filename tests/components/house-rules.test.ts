import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { Alerting } from "../../components/alerting/alerting.ts";
import { Cdn } from "../../components/cdn/cdn.ts";
import { DnsRecords } from "../../components/dns-records/dns-records.ts";
import { DnsZone } from "../../components/dns-zone/dns-zone.ts";
import { Firewall } from "../../components/firewall/firewall.ts";
import { GpuPool } from "../../components/gpu-pool/gpu-pool.ts";
import { Network } from "../../components/network/network.ts";
import { ObjectStorage } from "../../components/object-storage/object-storage.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { Project } from "../../components/project/project.ts";
import { Registry } from "../../components/registry/registry.ts";
import { Valkey } from "../../components/valkey/valkey.ts";
import { ownership, placement } from "./fixtures.ts";
import { type Recorded, record } from "./harness.ts";

const zone = () => ({ domain: pulumi.output("whisper.example.com") });
const database = () => ({
  ownership,
  placement: placement(),
  size: "db-s-2vcpu-4gb",
  trustedClusterIds: ["k8s-id"],
});

/** Each component on DigitalOcean with everything it can make; a new component gets a line here. */
const components: Record<string, (name: string) => pulumi.ComponentResource> = {
  Alerting: (name) =>
    new Alerting(name, {
      emails: ["on-call@example.com"],
      endpoints: { api: "https://api.example.com/health" },
      dropletTags: ["gpu"],
      databaseIds: ["db-id"],
    }),
  Cdn: (name) =>
    new Cdn(name, { origin: "bucket.example", zone: zone(), certificate: { name: pulumi.output("tls") } }),
  DnsRecords: (name) =>
    new DnsRecords(name, { zone: zone(), records: { api: { type: "A", value: "198.51.100.7" } } }),
  DnsZone: (name) => new DnsZone(name, { domain: "whisper.example.com" }),
  Firewall: (name) => new Firewall(name, {}),
  GpuPool: (name) =>
    new GpuPool(name, {
      ownership,
      placement: placement(),
      firewall: { tag: pulumi.output("gpu") },
      size: "gpu-l40sx1-48gb",
      workerImage: "example.com/worker:1.0.0",
      operatorKeys: { ada: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" },
    }),
  Network: (name) => new Network(name, { region: "tor1", addressBlock: "10.16.0.0/14", natGateway: true }),
  ObjectStorage: (name) =>
    new ObjectStorage(name, {
      region: "tor1",
      nameSuffix: "k7f2q",
      consumers: { api: "read" },
      corsOrigins: ["https://a.example"],
    }),
  Postgres: (name) => new Postgres(name, { ...database(), readReplica: true }),
  Project: (name) => new Project(name, { environment: "staging", members: [] }),
  Registry: (name) => new Registry(name, { registryName: "whisper-staging", region: "tor1" }),
  Valkey: (name) => new Valkey(name, database()),
};

/** What has a name of its own: buckets and registries are named for the world, the rest inside what they belong to. */
const namedOtherwise = new Set([
  "ContainerRegistries",
  "DatabaseConnectionPool",
  "DatabaseDb",
  "DatabaseUser",
  "DnsRecord",
  "Domain",
  "SpacesBucket",
]);

const lastPart = (type: string) => type.split(":").at(-1) ?? "";

describe.each(Object.entries(components))("%s keeps the rules of the house", (className, make) => {
  let resources: readonly Recorded[] = [];
  beforeAll(async () => {
    resources = (await record(() => make("whisper-staging-thing"))).resources;
  });

  it("has its folder and its class for a type", () => {
    const [component] = resources;
    expect(component?.type).toMatch(new RegExp(`^whisper:[a-z-]+:${className}$`));
  });

  it("is the parent of all it makes", () => {
    const children = resources.slice(1);
    expect(children.filter(({ parent }) => parent !== "whisper-staging-thing")).toEqual([]);
    expect(children.length).toBeGreaterThan(0);
  });

  it("names things in the cloud as in the program", () => {
    const named = resources.filter(
      ({ type, inputs }) => "name" in inputs && !namedOtherwise.has(lastPart(type)),
    );
    for (const { type, name, inputs } of named) {
      // A certificate is followed by what tells its hosts from another's: the next one must have another name.
      const expected =
        lastPart(type) === "Certificate" ? new RegExp(`^${name}-[0-9a-f]{6}$`) : new RegExp(`^${name}$`);
      expect(inputs.name).toMatch(expected);
    }
  });

  it("never takes a project or a certificate's id, which would replace or expire", () => {
    for (const { inputs } of resources.slice(1)) {
      expect(inputs).not.toHaveProperty("projectId");
      expect(inputs).not.toHaveProperty("certificateId");
    }
  });
});
