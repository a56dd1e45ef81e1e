import { type Breach, container, pod, type Sound } from "./breach.ts";
/** Breaches of the rules in `policies/kubernetes/`. */
export const kubernetesBreaches: readonly Breach[] = [
  ["require-pod-security", "namespace", "metadata.labels", {}],
  [
    "require-pod-security",
    "namespace",
    "metadata.labels",
    { "pod-security.kubernetes.io/enforce": "privileged" },
  ],
  ["require-read-only-root", "deployment", `${container}.securityContext.readOnlyRootFilesystem`, false],
  [
    "refuse-strangers-among-node-agents",
    "nodeAgent",
    ["metadata", "labels", "app.kubernetes.io/name"],
    "toString",
  ],
  [
    "refuse-strangers-among-node-agents",
    "deployment",
    "metadata.namespace",
    "whisper-production-node-agents",
  ],
  ["require-pod-security", "nodeAgentsNamespace", "metadata.name", "whisper-production-application"],
  ["require-pod-security", "nodeAgentsNamespace", ["metadata", "labels", "app.kubernetes.io/name"], "api"],

  ["refuse-node-disks", "persistentVolume", "spec", { hostPath: { path: "/data" } }],
  ["refuse-node-disks", "persistentVolume", "spec", { local: { path: "/mnt/disks/0" } }],
];

/** What those rules may not mind. */
export const kubernetesSound: readonly Sound[] = [
  ["refuse-node-disks", "persistentVolume", "spec", { nfs: { server: "files.example.com", path: "/" } }],
  ["require-read-only-root", "deployment", `${pod}.os`, { name: "linux" }],
];
