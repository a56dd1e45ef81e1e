import type { PropertyMap } from "../../../../sandbox/providers/kit/index.ts";
import type { Made, ProviderSandbox } from "./sandbox.ts";
import { token$ } from "./sandbox.ts";

/** Makes what a resource needs around it. Each is deleted after the test, the last one first. */
export type Neighbour = (type: string, name: string, inputs: PropertyMap) => Promise<Made>;

/** The life of one type: what it is made with, and what a change in place is. */
export interface Life {
  readonly type: string;
  /** The inputs of a new one; neighbours are made on the way. */
  readonly inputs: (make: Neighbour, sandbox: ProviderSandbox) => Promise<PropertyMap>;
  /** Inputs that change in place, and the paths that a diff must name. Default: the type changes by replacement only. */
  readonly change?: {
    readonly inputs: (before: PropertyMap) => PropertyMap;
    readonly paths: readonly string[];
  };
  /** Outputs that must be there, as the API told them. */
  readonly outputs?: PropertyMap;
  /** What an import is asked for. Default: the id; null when the vendor's plugin imports none. */
  readonly importId?: ((made: Made) => string) | null;
  /** Whether deleting it leaves nothing in the API to read. Default: true. */
  readonly vanishes?: boolean;
}

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops@example.com";

const vpc = async (make: Neighbour) => (await make("Vpc", "net", { region: "fra1", name: "net" })).id;
const droplet = (make: Neighbour, name = "worker") =>
  make("Droplet", name, { name, region: "fra1", size: "s-1vcpu-1gb", image: "debian-13-x64" });
const postgres = async (make: Neighbour) =>
  (
    await make("DatabaseCluster", "pg", {
      name: "pg-main",
      engine: "pg",
      version: "18",
      size: "db-s-1vcpu-2gb",
      region: "fra1",
      nodeCount: 1,
    })
  ).id;
const byName = ({ inputs }: Made) => `${String(inputs.clusterId)},${String(inputs.name)}`;
const byRegion = ({ inputs, id }: Made) => `${String(inputs.region)},${id}`;

/** One life for every type that needs no running Kubernetes. */
export const lives: readonly Life[] = [
  {
    type: "Vpc",
    inputs: async () => ({ name: "net", region: "fra1", ipRange: "10.30.0.0/16", description: "one" }),
    change: {
      inputs: (before) => ({ ...before, name: "renamed", description: "two" }),
      paths: ["description", "name"],
    },
    outputs: { default: false, ipRange: "10.30.0.0/16" },
  },
  {
    type: "VpcNatGateway",
    inputs: async (make) => ({
      name: "out",
      region: "fra1",
      size: 1,
      type: "PUBLIC",
      vpcs: [{ vpcUuid: await vpc(make), defaultGateway: true }],
    }),
    change: { inputs: (before) => ({ ...before, size: 2 }), paths: ["size"] },
    outputs: { state: "ACTIVE" },
  },
  {
    type: "Project",
    inputs: async () => ({ name: "whisper", purpose: "Service or API", environment: "staging" }),
    change: { inputs: (before) => ({ ...before, description: "changed" }), paths: ["description"] },
  },
  {
    type: "ProjectResources",
    inputs: async (make) => {
      const project = await make("Project", "whisper", { name: "whisper" });
      const { outputs } = await droplet(make);
      return { project: project.id, resources: [outputs.dropletUrn ?? ""] };
    },
    importId: null,
    vanishes: false,
  },
  { type: "Tag", inputs: async () => ({ name: "environment:staging" }), outputs: { dropletsCount: 0 } },
  {
    type: "SshKey",
    inputs: async () => ({ name: "ops", publicKey }),
    change: { inputs: (before) => ({ ...before, name: "operators" }), paths: ["name"] },
  },
  {
    type: "Firewall",
    inputs: async (make) => {
      await make("Tag", "worker", { name: "worker" });
      return {
        name: "workers",
        tags: ["worker"],
        inboundRules: [
          { protocol: "tcp", portRange: "22", sourceAddresses: ["10.0.0.0/8", "192.0.2.1"] },
          { protocol: "icmp", sourceTags: ["worker"] },
        ],
        outboundRules: [{ protocol: "udp", portRange: "all", destinationAddresses: ["0.0.0.0/0", "::/0"] }],
      };
    },
    change: {
      inputs: (before) => ({
        ...before,
        inboundRules: [{ protocol: "tcp", portRange: "8000-8100", sourceTags: ["worker"] }],
      }),
      paths: [
        "inboundRules.0.portRange",
        "inboundRules.0.sourceAddresses",
        "inboundRules.0.sourceTags",
        "inboundRules.1",
      ],
    },
  },
  {
    type: "Droplet",
    inputs: async (make) => ({
      name: "worker-1",
      region: "fra1",
      size: "s-1vcpu-1gb",
      image: "debian-13-x64",
      userData: "#cloud-config\n",
      monitoring: true,
      sshKeys: [(await make("SshKey", "ops", { name: "ops", publicKey })).id],
      tags: ["role:worker", "environment:staging"],
      vpcUuid: await vpc(make),
    }),
    change: {
      inputs: (before) => ({
        ...before,
        name: "worker-2",
        size: "s-2vcpu-4gb",
        tags: ["role:worker", "new"],
      }),
      paths: ["name", "size", "tags.1"],
    },
    // The vendor's plugin keeps the digest of user data.
    outputs: { status: "active", userData: "c0af657a8122db11fb8541f90feab7871c2c3d71", monitoring: true },
  },
  {
    type: "DropletAutoscale",
    inputs: async (make) => ({
      name: "pool",
      config: { targetNumberInstances: 1 },
      dropletTemplate: {
        region: "fra1",
        size: "s-1vcpu-1gb",
        image: "debian-13-x64",
        sshKeys: [(await make("SshKey", "ops", { name: "ops", publicKey })).id],
        vpcUuid: await vpc(make),
      },
    }),
    change: {
      inputs: (before) => ({ ...before, config: { targetNumberInstances: 2 } }),
      paths: ["config.targetNumberInstances"],
    },
    outputs: { status: "active" },
  },
  {
    type: "Volume",
    inputs: async () => ({
      name: "data",
      region: "fra1",
      size: 10,
      initialFilesystemType: "ext4",
      tags: ["a"],
    }),
    change: { inputs: (before) => ({ ...before, size: 20, tags: ["b"] }), paths: ["size", "tags.0"] },
  },
  {
    type: "VolumeAttachment",
    inputs: async (make) => {
      const { id } = await make("Volume", "data", { name: "data", region: "fra1", size: 10 });
      return { volumeId: id, dropletId: Number((await droplet(make)).id) };
    },
    importId: null,
    vanishes: false,
  },
  {
    type: "ReservedIp",
    inputs: async (make) => ({ region: "fra1", dropletId: Number((await droplet(make)).id) }),
    change: { inputs: ({ dropletId: _, ...before }) => before, paths: ["dropletId"] },
  },
  {
    type: "ReservedIpAssignment",
    inputs: async (make) => {
      const { id } = await make("ReservedIp", "address", { region: "fra1" });
      return { ipAddress: id, dropletId: Number((await droplet(make)).id) };
    },
    importId: ({ inputs }) => `${String(inputs.ipAddress)},${String(inputs.dropletId)}`,
    vanishes: false,
  },
  {
    type: "LoadBalancer",
    inputs: async (make) => ({
      name: "edge",
      region: "fra1",
      vpcUuid: await vpc(make),
      forwardingRules: [{ entryPort: 80, entryProtocol: "http", targetPort: 8080, targetProtocol: "http" }],
      // What the vendor's plugin does not leave to the cloud: an import finds it, so a program must say it.
      network: "EXTERNAL",
      networkStack: "IPV4",
      size: "lb-small",
      tlsCipherPolicy: "DEFAULT",
      healthcheck: { port: 8080, protocol: "http", path: "/health" },
    }),
    change: {
      inputs: (before) => ({
        ...before,
        redirectHttpToHttps: false,
        httpIdleTimeoutSeconds: 300,
        size: "lb-medium",
      }),
      paths: ["httpIdleTimeoutSeconds", "size"],
    },
    outputs: { status: "active" },
  },
  {
    type: "Domain",
    inputs: async () => ({ name: "example.com" }),
    outputs: { domainUrn: "do:domain:example.com", ttl: 1800 },
  },
  {
    type: "DnsRecord",
    inputs: async (make) => {
      await make("Domain", "zone", { name: "example.com" });
      return { domain: "example.com", name: "www", type: "CNAME", value: "lb.example.net.", ttl: 300 };
    },
    change: { inputs: (before) => ({ ...before, ttl: 600 }), paths: ["ttl"] },
    outputs: {
      fqdn: "www.example.com",
      value: "lb.example.net.",
      ...{ flags: 0, port: 0, priority: 0, weight: 0, tag: "" },
    },
    importId: ({ id }) => `example.com,${id}`,
  },
  {
    type: "Certificate",
    inputs: async (make) => {
      await make("Domain", "zone", { name: "example.com" });
      return { name: "edge", type: "lets_encrypt", domains: ["example.com", "www.example.com"] };
    },
    outputs: { state: "verified" },
  },
  {
    type: "Cdn",
    inputs: async (make) => {
      await make("SpacesBucket", "static", { name: "static-assets", region: "fra1" });
      return { origin: "static-assets.fra1.digitaloceanspaces.com", ttl: 3600 };
    },
    change: { inputs: (before) => ({ ...before, ttl: 600 }), paths: ["ttl"] },
  },
  {
    type: "DatabaseCluster",
    inputs: async (make) => ({
      name: "pg-main",
      engine: "pg",
      version: "18",
      size: "db-s-1vcpu-2gb",
      region: "fra1",
      nodeCount: 1,
      privateNetworkUuid: await vpc(make),
      maintenanceWindows: [{ day: "sunday", hour: "04:00" }],
      storageAutoscale: { enabled: true, thresholdPercent: 80, incrementGib: 10 },
      tags: ["environment:staging"],
    }),
    change: {
      inputs: (before) => ({
        ...before,
        size: "db-s-2vcpu-4gb",
        nodeCount: 2,
        storageAutoscale: { enabled: true, thresholdPercent: 90, incrementGib: 10 },
      }),
      paths: ["nodeCount", "size", "storageAutoscale.thresholdPercent"],
    },
    outputs: { engine: "pg", version: "18" },
  },
  {
    type: "DatabaseReplica",
    inputs: async (make) => ({
      clusterId: await postgres(make),
      name: "replica",
      region: "fra1",
      size: "db-s-1vcpu-2gb",
    }),
    importId: byName,
    change: { inputs: (before) => ({ ...before, size: "db-s-2vcpu-4gb" }), paths: ["size"] },
  },
  {
    type: "DatabaseDb",
    inputs: async (make) => ({ clusterId: await postgres(make), name: "app" }),
    importId: byName,
  },
  {
    type: "DatabaseUser",
    inputs: async (make) => ({ clusterId: await postgres(make), name: "app" }),
    importId: byName,
  },
  {
    type: "DatabaseConnectionPool",
    inputs: async (make) => {
      const clusterId = await postgres(make);
      await make("DatabaseDb", "app", { clusterId, name: "app" });
      await make("DatabaseUser", "app", { clusterId, name: "app" });
      return { clusterId, name: "pool", mode: "transaction", size: 20, dbName: "app", user: "app" };
    },
    importId: byName,
  },
  {
    type: "DatabaseFirewall",
    inputs: async (make) => {
      await make("Tag", "worker", { name: "worker" });
      return {
        clusterId: await postgres(make),
        rules: [
          { type: "tag", value: "worker" },
          { type: "ip_addr", value: "192.0.2.1" },
        ],
      };
    },
    change: {
      inputs: (before) => ({ ...before, rules: [{ type: "ip_addr", value: "192.0.2.7" }] }),
      paths: ["rules.0.type", "rules.0.value", "rules.1"],
    },
    importId: ({ inputs }) => String(inputs.clusterId),
  },
  {
    type: "DatabasePostgresqlConfig",
    inputs: async (make) => ({ clusterId: await postgres(make), timezone: "UTC", workMem: 16 }),
    change: { inputs: (before) => ({ ...before, workMem: 32 }), paths: ["workMem"] },
    importId: ({ inputs }) => String(inputs.clusterId),
    vanishes: false,
  },
  {
    type: "DatabaseValkeyConfig",
    inputs: async (make) => {
      const cluster = await make("DatabaseCluster", "queue", {
        name: "queue",
        engine: "valkey",
        version: "8",
        size: "db-s-1vcpu-1gb",
        region: "fra1",
        nodeCount: 1,
      });
      return { clusterId: cluster.id, valkeyMaxmemoryPolicy: "noeviction", persistence: "rdb" };
    },
    change: { inputs: (before) => ({ ...before, timeout: 60 }), paths: ["timeout"] },
    importId: ({ inputs }) => String(inputs.clusterId),
    vanishes: false,
  },
  {
    type: "DatabaseLogsinkRsyslog",
    inputs: async (make) => ({
      clusterId: await postgres(make),
      name: "logs",
      server: "logs.example.com",
      port: 6514,
      tls: true,
    }),
    change: { inputs: (before) => ({ ...before, port: 6515 }), paths: ["port"] },
  },
  {
    type: "DatabaseLogsinkOpensearch",
    inputs: async (make) => ({
      clusterId: await postgres(make),
      name: "search",
      endpoint: "https://user:secret@search.example.com:9200",
      indexPrefix: "pg",
      indexDaysMax: 7,
      timeoutSeconds: 10,
    }),
    change: { inputs: (before) => ({ ...before, indexDaysMax: 30 }), paths: ["indexDaysMax"] },
  },
  {
    type: "SpacesBucket",
    inputs: async () => ({
      name: "media-files",
      region: "fra1",
      versioning: { enabled: true },
      lifecycleRules: [
        { enabled: true, prefix: "tmp/", expiration: { days: 7 }, noncurrentVersionExpiration: { days: 30 } },
      ],
    }),
    change: {
      inputs: (before) => ({ ...before, versioning: { enabled: false }, lifecycleRules: [] }),
      paths: ["lifecycleRules.0", "versioning.enabled"],
    },
    outputs: {
      bucketDomainName: "media-files.fra1.digitaloceanspaces.com",
      bucketUrn: "do:space:media-files",
    },
    importId: byRegion,
  },
  {
    type: "SpacesBucketCorsConfiguration",
    inputs: async (make) => {
      await make("SpacesBucket", "media", { name: "media-files", region: "fra1" });
      return {
        bucket: "media-files",
        region: "fra1",
        corsRules: [
          { allowedMethods: ["PUT", "GET"], allowedOrigins: ["https://example.com"], maxAgeSeconds: 600 },
        ],
      };
    },
    change: {
      inputs: (before) => ({
        ...before,
        corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["https://example.com"], maxAgeSeconds: 600 }],
      }),
      paths: ["corsRules.0.allowedMethods.0"],
    },
    importId: byRegion,
  },
  {
    type: "SpacesBucketPolicy",
    inputs: async (make) => {
      await make("SpacesBucket", "media", { name: "media-files", region: "fra1" });
      return { bucket: "media-files", region: "fra1", policy: policyFor("arn:aws:s3:::media-files/*") };
    },
    change: {
      inputs: (before) => ({ ...before, policy: policyFor("arn:aws:s3:::media-files/public/*") }),
      paths: ["policy"],
    },
    importId: byRegion,
  },
  {
    type: "SpacesKey",
    inputs: async (make) => {
      await make("SpacesBucket", "media", { name: "media-files", region: "fra1" });
      return { name: "api", grants: [{ bucket: "media-files", permission: "readwrite" }] };
    },
    change: {
      inputs: (before) => ({ ...before, grants: [{ bucket: "media-files", permission: "read" }] }),
      paths: ["grants.0.permission"],
    },
  },
  {
    type: "ContainerRegistry",
    inputs: async () => ({ name: "whisper", region: "fra1", subscriptionTierSlug: "basic" }),
    change: {
      inputs: (before) => ({ ...before, subscriptionTierSlug: "professional" }),
      paths: ["subscriptionTierSlug"],
    },
    outputs: { endpoint: "registry.digitalocean.com/whisper", serverUrl: "registry.digitalocean.com" },
  },
  {
    type: "ContainerRegistries",
    inputs: async () => ({ name: "whisper", region: "fra1", subscriptionTierSlug: "professional" }),
    outputs: { endpoint: "registry.digitalocean.com/whisper" },
  },
  {
    type: "ContainerRegistryDockerCredentials",
    inputs: async (make) => {
      const { id } = await make("ContainerRegistry", "images", {
        name: "whisper",
        subscriptionTierSlug: "basic",
      });
      return { registryName: id };
    },
    change: { inputs: (before) => ({ ...before, write: true }), paths: ["write"] },
    importId: null,
    vanishes: false,
  },
  {
    type: "MonitorAlert",
    inputs: async (make) => {
      await make("Tag", "worker", { name: "worker" });
      return {
        description: "CPU of workers",
        type: "v1/insights/droplet/cpu",
        compare: "GreaterThan",
        value: 80,
        window: "5m",
        tags: ["worker"],
        alerts: { emails: ["sandbox@example.com"] },
      };
    },
    change: { inputs: (before) => ({ ...before, value: 90 }), paths: ["value"] },
  },
  {
    type: "UptimeCheck",
    inputs: async () => ({ name: "site", target: "https://example.com/health", regions: ["eu_west"] }),
    change: { inputs: (before) => ({ ...before, enabled: false }), paths: ["enabled"] },
  },
  {
    type: "UptimeAlert",
    inputs: async (make) => {
      const { id } = await make("UptimeCheck", "site", { name: "site", target: "https://example.com" });
      return {
        checkId: id,
        name: "down",
        type: "down",
        period: "2m",
        notifications: [{ emails: ["sandbox@example.com"] }],
      };
    },
    change: { inputs: (before) => ({ ...before, period: "5m" }), paths: ["period"] },
    outputs: { comparison: "", threshold: 0 },
    importId: ({ inputs, id }) => `${String(inputs.checkId)},${id}`,
  },
];

function policyFor(resource: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: resource }],
  });
}

/** The tokens of all types that have a life here. */
export const livingTokens: ReadonlySet<string> = new Set(lives.map(({ type }) => token$(type)));
