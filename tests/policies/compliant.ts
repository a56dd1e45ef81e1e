import type { Judged } from "./harness.ts";

const container = {
  name: "api",
  image: "registry.example/api:1.4.2",
  ports: [{ containerPort: 8000 }],
  env: [
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } },
    { name: "PASSWORD_FILE", value: "/run/secrets/password" },
  ],
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  readinessProbe: { httpGet: { path: "/health", port: 8000 } },
  livenessProbe: { httpGet: { path: "/health", port: 8000 } },
};

const podSpec = {
  priorityClassName: "whisper-application",
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  volumes: [{ name: "scratch", emptyDir: {} }],
  containers: [container],
};

/** A node agent's: root with the capabilities and the paths that the catalogue allows it. */
const nodeAgentPod = {
  ...podSpec,
  priorityClassName: "whisper-node-agent",
  securityContext: { appArmorProfile: { type: "Unconfined" } },
  volumes: [{ name: "processes", hostPath: { path: "/proc" } }],
  containers: [
    {
      ...container,
      volumeMounts: [{ name: "processes", mountPath: "/host/proc", readOnly: true }],
      securityContext: {
        ...container.securityContext,
        runAsUser: 0,
        capabilities: { drop: ["ALL"], add: ["BPF", "SYS_PTRACE"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  ],
};

const ownerTags = [
  "environment:production",
  "component:api",
  "owner:platform-team",
  "cost-centre:transcription",
];

/** An object's metadata that say whose it is. */
const owned = (metadata: { readonly labels?: Record<string, string> } & Record<string, unknown> = {}) => ({
  ...metadata,
  labels: {
    "app.kubernetes.io/name": "api",
    "whisper.platform/environment": "production",
    "whisper.platform/owner": "platform-team",
    "whisper.platform/cost-centre": "transcription",
    ...metadata.labels,
  },
});

const stored = (store: string, point: string) => [
  `store:${store}`,
  `recovery-point:${point}`,
  "recovery-time:1h",
];

const storeLabels = {
  "whisper.platform/store": "volume",
  "whisper.platform/backup": "none",
  "whisper.platform/recovery-point": "everything",
  "whisper.platform/recovery-time": "1h",
};

/** The text of a bucket's policy about reading its objects. */
export const bucketPolicy = (...statements: readonly object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ Action: "s3:GetObject", Resource: "*", ...each })),
  });

export const edgeAnnotation = "service.beta.kubernetes.io/do-loadbalancer-";

/** One of each kind, right in every way, as production has them. Each test breaks one of them one way. */
export const compliant = {
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
    },
  },
  droplet: {
    type: "digitalocean:index/droplet:Droplet",
    name: "droplet",
    props: { sshKeys: ["12:34"], tags: ["stateless", ...ownerTags] },
    refersTo: { vpcUuid: ["network"] },
  },
  postgres: {
    type: "digitalocean:index/databaseCluster:DatabaseCluster",
    name: "postgres",
    props: {
      engine: "pg",
      nodeCount: 2,
      tags: [...stored("postgres", "5m"), "backup:managed-daily", "backup-retention:7d", ...ownerTags],
    },
    protect: true,
    refersTo: { privateNetworkUuid: ["network"] },
  },
  valkey: {
    type: "digitalocean:index/databaseCluster:DatabaseCluster",
    name: "valkey",
    props: {
      engine: "valkey",
      nodeCount: 2,
      tags: [...stored("valkey", "everything"), "backup:none", ...ownerTags],
    },
    protect: true,
    refersTo: { privateNetworkUuid: ["network"] },
  },
  valkeyTrustedSources: {
    type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
    name: "valkeyTrustedSources",
    props: { rules: [{ type: "k8s", value: "c1" }] },
    refersTo: { clusterId: ["valkey"] },
  },
  database: {
    type: "digitalocean:index/databaseDb:DatabaseDb",
    name: "database",
    props: { name: "whisper" },
    protect: true,
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
  claim: {
    type: "kubernetes:core/v1:PersistentVolumeClaim",
    name: "claim",
    props: { metadata: owned({ namespace: "whisper", labels: storeLabels }) },
    protect: true,
  },
  statefulSet: {
    type: "kubernetes:apps/v1:StatefulSet",
    name: "statefulSet",
    props: {
      metadata: owned({ namespace: "whisper" }),
      spec: {
        template: { metadata: owned(), spec: structuredClone(podSpec) },
        volumeClaimTemplates: [{ metadata: { name: "data", labels: storeLabels } }],
      },
    },
  },
  trustedSources: {
    type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
    name: "trustedSources",
    props: { rules: [{ type: "k8s", value: "c1" }] },
    refersTo: { clusterId: ["postgres"] },
  },
  media: {
    type: "whisper:object-storage:ObjectStorage",
    name: "media",
    props: {
      store: {
        store: "objects",
        backup: "versions",
        recovery: { point: "everything", time: "4h" },
        retention: "30d",
      },
    },
  },
  bucket: {
    type: "digitalocean:index/spacesBucket:SpacesBucket",
    name: "bucket",
    props: {
      acl: "private",
      versioning: { enabled: true },
      lifecycleRules: [
        { enabled: true, noncurrentVersionExpiration: { days: 30 }, abortIncompleteMultipartUploadDays: 7 },
      ],
    },
    protect: true,
    parent: "media",
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
      autoUpgrade: true,
      surgeUpgrade: true,
      ha: true,
      controlPlaneFirewall: { enabled: true, allowedAddresses: ["203.0.113.0/24"] },
      maintenancePolicy: { day: "sunday", startTime: "03:00" },
      nodePool: { name: "seat", tags: ownerTags },
      tags: ownerTags,
    },
    refersTo: { vpcUuid: ["network"] },
  },
  loadBalancer: {
    type: "digitalocean:index/loadBalancer:LoadBalancer",
    name: "loadBalancer",
    props: {
      redirectHttpToHttps: true,
      forwardingRules: [{ entryProtocol: "http" }, { entryProtocol: "https" }],
    },
    refersTo: { vpcUuid: ["network"] },
  },
  namespace: {
    type: "kubernetes:core/v1:Namespace",
    name: "namespace",
    props: {
      metadata: owned({ name: "whisper", labels: { "pod-security.kubernetes.io/enforce": "restricted" } }),
    },
  },
  networkPolicy: {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "networkPolicy",
    props: {
      metadata: owned({ namespace: "whisper" }),
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  },
  deployment: {
    type: "kubernetes:apps/v1:Deployment",
    name: "deployment",
    props: {
      metadata: owned({ namespace: "whisper" }),
      spec: { template: { metadata: owned(), spec: podSpec } },
    },
  },
  nodeAgentsNamespace: {
    type: "kubernetes:core/v1:Namespace",
    name: "nodeAgentsNamespace",
    props: {
      metadata: owned({
        name: "whisper-production-node-agents",
        labels: {
          "app.kubernetes.io/name": "node-agents",
          "pod-security.kubernetes.io/enforce": "privileged",
        },
      }),
    },
  },
  nodeAgentsNetworkPolicy: {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "nodeAgentsNetworkPolicy",
    props: {
      metadata: owned({ namespace: "whisper-production-node-agents" }),
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  },
  nodeAgent: {
    type: "kubernetes:apps/v1:DaemonSet",
    name: "nodeAgent",
    props: {
      metadata: owned({
        namespace: "whisper-production-node-agents",
        labels: { "app.kubernetes.io/name": "falco" },
      }),
      spec: { template: { metadata: owned(), spec: nodeAgentPod } },
    },
  },
  service: {
    type: "kubernetes:core/v1:Service",
    name: "service",
    props: {
      metadata: owned({
        annotations: {
          [`${edgeAnnotation}type`]: "REGIONAL",
          [`${edgeAnnotation}http-ports`]: "80",
          [`${edgeAnnotation}certificate-name`]: "edge",
          [`${edgeAnnotation}redirect-http-to-https`]: "true",
        },
      }),
      spec: { type: "LoadBalancer", ports: [{ port: 80 }, { port: 443 }] },
    },
  },
  role: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    name: "role",
    props: { metadata: owned(), rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
  },
} satisfies Record<string, Judged>;

/** The baseline as a list of its own, in which a test may change whatever it likes. */
export function baseline(): Record<keyof typeof compliant, Judged> {
  return structuredClone(compliant);
}
