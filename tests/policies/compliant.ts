import { compliantBackups } from "./compliant-backups.ts";
import { compliantCloud } from "./compliant-cloud.ts";
import { compliantKubernetes } from "./compliant-kubernetes.ts";
import type { Judged } from "./harness.ts";
import { owned } from "./owned.ts";

const container = {
  name: "api",
  image: `registry.digitalocean.com/whisper/api:1.4.2@sha256:${"0123456789abcdef".repeat(4)}`,
  ports: [{ containerPort: 8000 }],
  env: [{ name: "PASSWORD_FILE", value: "/run/secrets/password" }],
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
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
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    seccompProfile: { type: "RuntimeDefault" },
  },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname" }],
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
  ...compliantKubernetes,
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
        serviceName: "edge",
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
      metadata: owned({ namespace: "whisper", name: "api" }),
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
        template: { metadata: owned(), spec: podSpec },
      },
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
        namespace: "whisper",
        name: "edge",
        annotations: {
          [`${edgeAnnotation}type`]: "REGIONAL",
          [`${edgeAnnotation}http-ports`]: "80",
          [`${edgeAnnotation}certificate-name`]: "edge",
          [`${edgeAnnotation}tls-cipher-policy`]: "STRONG",
          [`${edgeAnnotation}enable-backend-keepalive`]: "true",
          [`${edgeAnnotation}redirect-http-to-https`]: "true",
        },
      }),
      spec: {
        type: "LoadBalancer",
        selector: { "app.kubernetes.io/name": "api" },
        ports: [{ port: 80 }, { port: 443 }],
      },
    },
  },
  role: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    name: "role",
    props: {
      metadata: owned({ namespace: "whisper" }),
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    },
  },
} satisfies Record<string, Judged>;

/** The baseline as a list of its own, in which a test may change whatever it likes. */
export function baseline(): Record<keyof typeof compliant, Judged> {
  return structuredClone(compliant);
}
