import { bucketCollection } from "../../../../sandbox/spaces/admin.ts";
import type { TestCloud } from "./cloud.ts";
import { Existing, resolveExisting, resolvePath } from "./existing.ts";
import { sshPublicKey } from "./fixtures.ts";

/** A request that makes something; parameters of its path are what exists. */
interface Making {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const vpc = new Existing("/v2/vpcs");
const droplet = new Existing("/v2/droplets");
const http = { entry_protocol: "http", entry_port: 80, target_protocol: "http", target_port: 8080 };
const host = { region: "fra1", size: "s-1vcpu-1gb", image: "debian-12-x64" };
const postgres = { engine: "pg", version: "18", num_nodes: 2, size: "db-s-2vcpu-4gb", region: "fra1" };
const database = "/v2/databases/{database_cluster_uuid}";
const notifications = { email: ["ops@example.com"], slack: [] };

/** One of each thing that the API has, in an order in which they can be made. */
export const oneOfEach: readonly Making[] = [
  { path: "/v2/vpcs", body: { name: "network", region: "fra1", ip_range: "10.20.0.0/20" } },
  { path: "/v2/vpcs", body: { name: "other", region: "nyc3", ip_range: "10.30.0.0/20" } },
  {
    path: "/v2/vpc_peerings",
    body: { name: "peers", vpc_ids: [vpc, new Existing("/v2/vpcs", 1)] },
  },
  {
    path: "/v2/vpc_nat_gateways",
    body: { name: "out", type: "PUBLIC", region: "fra1", size: 1, vpcs: [{ vpc_uuid: vpc }] },
  },
  { path: "/v2/projects", body: { name: "whisper", purpose: "Service or API", environment: "Staging" } },
  { path: "/v2/tags", body: { name: "web" } },
  { path: "/v2/account/keys", body: { name: "ops", public_key: sshPublicKey } },
  {
    path: "/v2/droplets",
    body: {
      ...host,
      name: "host",
      vpc_uuid: vpc,
      ssh_keys: [new Existing("/v2/account/keys")],
      backups: true,
      ipv6: true,
      monitoring: true,
      tags: ["web"],
    },
  },
  {
    path: "/v2/droplets/autoscale",
    body: {
      name: "pool",
      config: { target_number_instances: 1 },
      droplet_template: { ...host, ssh_keys: [new Existing("/v2/account/keys")] },
    },
  },
  { path: "/v2/droplets/{droplet_id}/actions", body: { type: "snapshot", name: "copy" } },
  { path: "/v2/images", body: { name: "own", url: "https://example.com/image.qcow2", region: "fra1" } },
  { path: "/v2/volumes", body: { name: "data", region: "fra1", size_gigabytes: 10, tags: ["web"] } },
  { path: "/v2/volumes/{volume_id}/snapshots", body: { name: "before" } },
  { path: "/v2/volumes/{volume_id}/actions", body: { type: "attach", droplet_id: droplet, region: "fra1" } },
  { path: "/v2/reserved_ips", body: { droplet_id: droplet } },
  { path: "/v2/floating_ips", body: { region: "fra1" } },
  { path: "/v2/reserved_ipv6", body: { region_slug: "fra1" } },
  {
    path: "/v2/firewalls",
    body: {
      name: "web",
      droplet_ids: [droplet],
      tags: ["web"],
      inbound_rules: [{ protocol: "tcp", ports: "8000-9000", sources: { addresses: ["0.0.0.0/0"] } }],
      outbound_rules: [{ protocol: "icmp", destinations: { tags: ["web"] } }],
    },
  },
  { path: "/v2/domains", body: { name: "example.com", ip_address: "203.0.113.1" } },
  {
    path: "/v2/domains/{domain_name}/records",
    body: { type: "MX", name: "@", data: "mail.example.com.", priority: 10 },
  },
  { path: "/v2/certificates", body: { name: "edge", type: "lets_encrypt", dns_names: ["api.example.com"] } },
  {
    path: "/v2/load_balancers",
    body: {
      name: "edge",
      region: "fra1",
      vpc_uuid: vpc,
      droplet_ids: [droplet],
      forwarding_rules: [
        http,
        {
          ...http,
          entry_protocol: "https",
          entry_port: 443,
          certificate_id: new Existing("/v2/certificates"),
        },
      ],
    },
  },
  { path: "/v2/cdn/endpoints", body: { origin: "media.fra1.digitaloceanspaces.com", ttl: 3600 } },
  { path: "/v2/spaces/keys", body: { name: "app", grants: [{ bucket: "media", permission: "readwrite" }] } },
  { path: "/v2/databases", body: { ...postgres, name: "main", private_network_uuid: vpc, tags: ["web"] } },
  {
    path: "/v2/databases",
    body: {
      name: "queue",
      engine: "valkey",
      version: "8",
      num_nodes: 1,
      size: "db-s-1vcpu-1gb",
      region: "fra1",
    },
  },
  { path: `${database}/users`, body: { name: "app" } },
  { path: `${database}/dbs`, body: { name: "app" } },
  { path: `${database}/pools`, body: { name: "app", mode: "transaction", size: 10, db: "app", user: "app" } },
  { path: `${database}/replicas`, body: { name: "copy", region: "fra1", size: "db-s-2vcpu-4gb" } },
  {
    path: `${database}/logsink`,
    body: {
      sink_name: "logs",
      sink_type: "rsyslog",
      config: { server: "logs.example.com", port: 514, tls: true, format: "rfc5424" },
    },
  },
  {
    path: "/v2/kubernetes/clusters",
    body: {
      name: "cluster",
      region: "fra1",
      version: "1.35.2-do.1",
      vpc_uuid: vpc,
      node_pools: [{ name: "system", size: "s-2vcpu-4gb", count: 1 }],
    },
  },
  {
    path: "/v2/kubernetes/clusters/{cluster_id}/node_pools",
    body: { name: "workers", size: "s-4vcpu-8gb", auto_scale: true, min_nodes: 1, max_nodes: 3 },
  },
  {
    path: "/v2/registries",
    body: { name: "images", subscription_tier_slug: "professional", region: "fra1" },
  },
  { path: "/v2/registries/{registry_name}/garbage-collection", body: {} },
  {
    path: "/v2/monitoring/alerts",
    body: {
      type: "v1/insights/droplet/cpu",
      description: "CPU above 80 %",
      compare: "GreaterThan",
      value: 80,
      window: "5m",
      entities: [],
      tags: ["web"],
      alerts: notifications,
      enabled: true,
    },
  },
  {
    path: "/v2/uptime/checks",
    body: { name: "api", type: "https", target: "https://api.example.com/health" },
  },
  {
    path: "/v2/uptime/checks/{check_id}/alerts",
    body: { name: "down", type: "down", period: "2m", notifications },
  },
];

/** How long everything takes to become active. */
const settledMs = 1_000;

/** Makes what there is not yet of {@link oneOfEach}, and returns the statuses of the answers. */
export async function furnish(cloud: TestCloud): Promise<number[]> {
  bucketCollection(cloud.store).put("media", {
    name: "media",
    region: "fra1",
    createdAt: "2026-11-21T09:00:00.000Z",
    acl: "private",
  });
  const statuses: number[] = [];
  for (const { path, body } of oneOfEach) {
    const url = await resolvePath(cloud, path);
    statuses.push((await cloud.request("POST", url, await resolveExisting(cloud, body))).status);
    cloud.advance(settledMs);
  }
  return statuses;
}
