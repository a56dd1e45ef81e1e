import { owned } from "./owned.ts";

const namespace = "whisper";
const named = (name: string) => owned({ name, namespace });

/** A pod that does one thing and ends. */
const task = {
  priorityClassName: "whisper-batch",
  automountServiceAccountToken: false,
  restartPolicy: "Never",
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [
    {
      name: "task",
      image: `registry.digitalocean.com/whisper/task:1.4.2@sha256:${"0123456789abcdef".repeat(4)}`,
      command: ["task", "--password-file=/run/secrets/password", "--token=$(TOKEN)", "--keys", "12"],
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    },
  ],
};

/** What stands beside pods in a cluster, one of each kind, right in every way. */
export const compliantKubernetes = {
  account: {
    type: "kubernetes:core/v1:ServiceAccount",
    name: "account",
    props: { metadata: named("default"), automountServiceAccountToken: false },
  },
  binding: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    name: "binding",
    props: {
      metadata: named("exporter"),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "exporter" },
      subjects: [{ kind: "ServiceAccount", name: "exporter", namespace }],
    },
  },
  autoscaler: {
    type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    name: "autoscaler",
    props: {
      metadata: named("api"),
      spec: {
        minReplicas: 3,
        maxReplicas: 9,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
      },
    },
  },
  disruptionBudget: {
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "disruptionBudget",
    props: {
      metadata: named("api"),
      spec: { maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": "api" } } },
    },
  },
  ingress: {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    name: "ingress",
    props: {
      metadata: {
        ...named("api"),
        annotations: { "nginx.ingress.kubernetes.io/auth-url": "https://sign-in.example.com/check" },
      },
      spec: {
        tls: [{ hosts: ["*.example.com"], secretName: "certificate" }],
        rules: [
          {
            host: "api.example.com",
            http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "edge" } } }] },
          },
        ],
      },
    },
  },
  configMap: {
    type: "kubernetes:core/v1:ConfigMap",
    name: "configMap",
    props: {
      metadata: named("settings"),
      data: {
        PASSWORD_FILE: "/run/secrets/password",
        "settings.ini": "password = $PASSWORD\n# token: none\nmax_tokens = 400000\nauth = disabled",
      },
    },
  },
  persistentVolume: {
    type: "kubernetes:core/v1:PersistentVolume",
    name: "persistentVolume",
    props: { metadata: owned({ name: "disk" }), spec: { csi: { driver: "dobs.csi.digitalocean.com" } } },
  },
  /** In an API that has an end, which the baseline's cluster has not reached. */
  resourceClaim: {
    type: "kubernetes:resource.k8s.io/v1beta1:ResourceClaim",
    name: "resourceClaim",
    props: { metadata: named("gpu"), spec: { devices: {} } },
  },
  job: {
    type: "kubernetes:batch/v1:Job",
    name: "job",
    props: {
      metadata: named("migrations"),
      spec: {
        activeDeadlineSeconds: 900,
        ttlSecondsAfterFinished: 86_400,
        template: { metadata: owned(), spec: structuredClone(task) },
      },
    },
  },
  cronJob: {
    type: "kubernetes:batch/v1:CronJob",
    name: "cronJob",
    props: {
      metadata: named("nightly"),
      spec: {
        schedule: "0 3 * * *",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 600,
        jobTemplate: {
          spec: { activeDeadlineSeconds: 900, template: { metadata: owned(), spec: structuredClone(task) } },
        },
      },
    },
  },
};
