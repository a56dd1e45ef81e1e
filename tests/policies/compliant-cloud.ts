import { compliantDatabases, ownerTags } from "./compliant-databases.ts";
import type { Judged } from "./harness.ts";

/** The text of a bucket's policy about reading its objects. */
export const bucketPolicy = (...statements: readonly object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ Action: "s3:GetObject", Resource: "*", ...each })),
  });

/** What a machine is told at its birth: it signs nobody in by password, and its secrets come later. */
const userData = [
  "#cloud-config",
  "ssh_pwauth: false",
  "write_files:",
  "  - path: /etc/ssh/sshd_config.d/10-keys-only.conf",
  "    content: |",
  "      PasswordAuthentication no",
  "      # PasswordAuthentication yes would be wrong",
  "      PermitRootLogin prohibit-password",
  "  - path: /etc/whisper/settings.env",
  "    content: |",
  "      DATABASE_PASSWORD_FILE=/run/whisper-secrets/password",
  "      SECRET_NAME=whisper-worker",
  "      CELERY_BROKER_URL=$BROKER_URL",
  "      API_TOKEN=$(cat /run/whisper-secrets/token)",
  "      REGISTRY=https://registry.digitalocean.com/whisper",
].join("\n");

/** A record of the domain, which it refers to. */
const record = (name: string, props: object) => ({
  type: "digitalocean:index/dnsRecord:DnsRecord",
  name,
  props: { ttl: 3600, ...props },
  refersTo: { domain: ["domain"] },
});

/** One of each kind of DigitalOcean's, right in every way, as production has them. */
export const compliantCloud = {
  ...compliantDatabases,
  network: { type: "digitalocean:index/vpc:Vpc", name: "network", props: { region: "fra1" } },
  firewall: {
    type: "digitalocean:index/firewall:Firewall",
    name: "firewall",
    props: {
      inboundRules: [
        {
          protocol: "tcp",
          portRange: "22",
          sourceAddresses: ["203.0.113.7/32", "10.0.0.0/8", "2001:db8::/32"],
        },
        { protocol: "tcp", portRange: "443", sourceAddresses: ["0.0.0.0/0", "::/0"] },
      ],
      outboundRules: [
        { protocol: "tcp", portRange: "443", destinationAddresses: ["0.0.0.0/0", "::/0"] },
        { protocol: "udp", portRange: "123", destinationAddresses: ["0.0.0.0/0"] },
        { protocol: "tcp", portRange: "1-65535", destinationAddresses: ["10.0.0.0/16"] },
        { protocol: "icmp", destinationAddresses: ["0.0.0.0/0"] },
      ],
      tags: ["Workers"],
    },
  },
  nat: {
    type: "digitalocean:index/vpcNatGateway:VpcNatGateway",
    name: "nat",
    props: { type: "PUBLIC", vpcs: [{ defaultGateway: true }] },
    refersTo: { vpcs: ["network"] },
  },
  workersTag: { type: "digitalocean:index/tag:Tag", name: "workersTag", props: { name: "pool-members" } },
  poolFirewall: {
    type: "digitalocean:index/firewall:Firewall",
    name: "poolFirewall",
    props: { tags: ["pool-members"] },
    refersTo: { tags: ["workersTag"] },
  },
  droplet: {
    type: "digitalocean:index/droplet:Droplet",
    name: "droplet",
    props: {
      image: "ubuntu-24-04-x64",
      size: "gpu-l40sx1-48gb",
      sshKeys: ["12:34"],
      monitoring: true,
      publicNetworking: false,
      tags: ["stateless", "workers", ...ownerTags],
      userData,
    },
    refersTo: { vpcUuid: ["network"] },
  },
  pool: {
    type: "digitalocean:index/dropletAutoscale:DropletAutoscale",
    name: "pool",
    props: {
      config: { minInstances: 1, maxInstances: 3 },
      dropletTemplate: {
        image: "gpu-h100x1-base",
        size: "gpu-4000adax1-20gb",
        sshKeys: ["12:34"],
        withDropletAgent: true,
        tags: ownerTags,
        userData,
        vpcUuid: "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
      },
    },
    refersTo: { dropletTemplate: ["workersTag"] },
  },
  address: {
    type: "digitalocean:index/reservedIpAssignment:ReservedIpAssignment",
    name: "address",
    props: { ipAddress: "203.0.113.80", dropletId: 1 },
    refersTo: { dropletId: ["droplet"] },
  },
  postgresAlert: {
    type: "digitalocean:index/monitorAlert:MonitorAlert",
    name: "postgresAlert",
    props: { type: "v1/dbaas/alerts/disk_utilization_alerts", enabled: true, description: "disk" },
    refersTo: { entities: ["postgres"] },
  },
  valkeyAlert: {
    type: "digitalocean:index/monitorAlert:MonitorAlert",
    name: "valkeyAlert",
    props: { type: "v1/dbaas/alerts/memory_utilization_alerts", enabled: true, description: "memory" },
    refersTo: { entities: ["valkey", "keys"] },
  },
  images: {
    type: "whisper:registry:Registry",
    name: "images",
    props: {
      store: { store: "images", backup: "none", recovery: { point: "everything", time: "4h" } },
    },
  },
  registry: {
    type: "digitalocean:index/containerRegistries:ContainerRegistries",
    name: "registry",
    props: { name: "whisper" },
    protect: true,
    parent: "images",
  },
  registryCredentials: {
    type: "digitalocean:index/containerRegistryDockerCredentials:ContainerRegistryDockerCredentials",
    name: "registryCredentials",
    props: { registryName: "whisper", write: false },
  },
  media: {
    type: "whisper:object-storage:ObjectStorage",
    name: "media",
    props: {
      store: {
        store: "objects",
        backup: "versions",
        recovery: { point: "1d", time: "4h" },
        retention: "30d",
      },
    },
  },
  bucket: {
    type: "digitalocean:index/spacesBucket:SpacesBucket",
    name: "bucket",
    props: {
      region: "fra1",
      acl: "private",
      forceDestroy: false,
      versioning: { enabled: true },
      lifecycleRules: [
        { enabled: true, noncurrentVersionExpiration: { days: 30 }, abortIncompleteMultipartUploadDays: 7 },
      ],
    },
    protect: true,
    parent: "media",
  },
  cors: {
    type: "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration",
    name: "cors",
    props: {
      corsRules: [
        {
          allowedMethods: ["PUT"],
          allowedOrigins: [
            "https://whisper.example.com",
            "https://*.whisper.example.com",
            "http://localhost:3000",
          ],
        },
      ],
    },
  },
  bucketObject: {
    type: "digitalocean:index/spacesBucketObject:SpacesBucketObject",
    name: "bucketObject",
    props: { key: "terms.html", acl: "private" },
  },
  bucketPolicy: {
    type: "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy",
    name: "bucketPolicy",
    props: {
      policy: bucketPolicy(
        { Effect: "Allow", Principal: { AWS: "arn:aws:iam:::user/DO1" } },
        { Effect: "Allow", Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
        { Effect: "Deny", Principal: "*", Condition: { NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } } },
      ),
    },
  },
  key: {
    type: "digitalocean:index/spacesKey:SpacesKey",
    name: "key",
    props: { grants: [{ bucket: "media", permission: "readwrite" }] },
  },
  cluster: {
    type: "digitalocean:index/kubernetesCluster:KubernetesCluster",
    name: "cluster",
    props: {
      region: "fra1",
      version: "1.34.1-do.0",
      autoUpgrade: true,
      surgeUpgrade: true,
      ha: true,
      controlPlaneFirewall: { enabled: true, allowedAddresses: ["203.0.113.0/24"] },
      maintenancePolicy: { day: "sunday", startTime: "03:00" },
      isolatedWorkers: true,
      nodePool: { name: "seat", size: "s-1vcpu-2gb", nodeCount: 1, tags: ownerTags },
      tags: ownerTags,
    },
    refersTo: { vpcUuid: ["network"] },
  },
  loadBalancer: {
    type: "digitalocean:index/loadBalancer:LoadBalancer",
    name: "loadBalancer",
    props: {
      redirectHttpToHttps: true,
      tlsCipherPolicy: "STRONG",
      enableBackendKeepalive: true,
      dropletTag: "web",
      forwardingRules: [{ entryProtocol: "http" }, { entryProtocol: "https" }],
    },
    refersTo: { vpcUuid: ["network"] },
  },
  gpuNodes: {
    type: "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
    name: "gpuNodes",
    props: { size: "gpu-4000adax1-20gb", autoScale: true, minNodes: 1, maxNodes: 2, tags: ownerTags },
  },
  app: {
    type: "digitalocean:index/app:App",
    name: "app",
    props: {
      spec: {
        name: "site",
        envs: [{ key: "API_TOKEN", type: "SECRET", value: "EV[1:abc]" }],
        services: [{ envs: [{ key: "LOG_LEVEL", value: "info" }] }],
        databases: [{ production: true, clusterName: "postgres" }],
      },
    },
  },
  domain: {
    type: "digitalocean:index/domain:Domain",
    name: "domain",
    props: { name: "whisper.example.com" },
  },
  spf: record("spf", { type: "TXT", name: "@", value: "v=spf1 include:mail.example.net -all" }),
  dmarc: record("dmarc", { type: "TXT", name: "_dmarc", value: "v=DMARC1; p=reject" }),
  dkim: record("dkim", { type: "CNAME", name: "s1._domainkey", value: "s1.mail.example.net." }),
  certificate: {
    type: "digitalocean:index/certificate:Certificate",
    name: "certificate",
    props: { type: "lets_encrypt", domains: ["whisper.example.com"] },
  },
} satisfies Record<string, Judged>;
