import { compliantBackups } from "./compliant-backups.ts";
import { compliantCloud } from "./compliant-cloud.ts";
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

const storeLabels = {
  "whisper.platform/store": "volume",
  "whisper.platform/backup": "none",
  "whisper.platform/recovery-point": "everything",
  "whisper.platform/recovery-time": "1h",
};

export const edgeAnnotation = "service.beta.kubernetes.io/do-loadbalancer-";

/** One of each kind, right in every way, as production has them. Each test breaks one of them one way. */
export const compliant = {
  ...compliantCloud,
  ...compliantBackups,
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
        volumeClaimTemplates: [
          { metadata: { name: "data", labels: { ...storeLabels, "whisper.platform/recovery-point": "1d" } } },
        ],
      },
    },
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
          [`${edgeAnnotation}tls-cipher-policy`]: "STRONG",
          [`${edgeAnnotation}enable-backend-keepalive`]: "true",
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
