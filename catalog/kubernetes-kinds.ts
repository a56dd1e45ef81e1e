/** Kinds of Kubernetes' own that are in a namespace, and what reaches or holds something, by API group. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  core: [
    "ConfigMap",
    "Endpoints",
    "LimitRange",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
  ],
  apps: ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  extensions: ["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "ReplicaSet"],
  autoscaling: ["HorizontalPodAutoscaler"],
  batch: ["CronJob", "Job"],
  "networking.k8s.io": ["Ingress", "NetworkPolicy"],
  policy: ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
};

/** Whether objects of Pulumi's type are in a namespace, as far as that is known. */
export function namespacedKinds(type: string): boolean {
  const [provider, group = "", kind = ""] = type.split(":");
  if (provider !== "kubernetes") return false;
  return kinds[group.split("/")[0] ?? ""]?.includes(kind.replace(/Patch$/, "")) ?? false;
}
