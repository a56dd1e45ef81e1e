import { edgeAnnotation } from "../compliant.ts";
import { unknown } from "../harness.ts";
import { type Breach, container, pod } from "./breach.ts";

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
  ["require-resource-limits", "deployment", `${container}.resources.limits`, undefined],
  ["require-resource-limits", "deployment", `${container}.resources.requests.cpu`, undefined],
  ["require-priority", "deployment", `${pod}.priorityClassName`, undefined],
  ["require-priority", "deployment", `${pod}.priorityClassName`, "system-node-critical"],
  ["require-probes", "deployment", `${container}.readinessProbe`, undefined],
  ["require-probes", "deployment", `${container}.livenessProbe`, undefined],
  ["require-pinned-images", "deployment", `${container}.image`, "nginx"],
  ["require-pinned-images", "deployment", `${container}.image`, "localhost:5000/nginx:latest"],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "PASSWORD", value: "hunter2" }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "DATABASE_URL", value: unknown }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "S3_ACCESS_KEY_ID", value: "a" }],
  ["refuse-idle-tokens", "deployment", `${pod}.automountServiceAccountToken`, undefined],
  ["refuse-node-ports", "service", "spec.type", "NodePort"],
  ["refuse-node-ports", "service", "spec.externalIPs", ["203.0.113.7"]],
  ["require-encrypted-edge", "service", "metadata.annotations", {}],
  ...Object.entries({
    // Without a type, or with the network's, packets are passed on.
    type: undefined,
    "certificate-name": undefined,
    "redirect-http-to-https": "false",
    // A stream on port 80 is not redirected, and with other ports named 443 is a stream too.
    "http-ports": undefined,
    "tls-ports": "8443",
  }).map(
    ([name, value]): Breach => [
      "require-encrypted-edge",
      "service",
      ["metadata", "annotations", `${edgeAnnotation}${name}`],
      value,
    ],
  ),
  ["require-encrypted-edge", "service", "spec.ports.0.port", 8080],
  [
    "require-encrypted-edge",
    "service",
    "metadata.annotations",
    { [`${edgeAnnotation}tls-passthrough`]: "false" },
  ],
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
  ["refuse-wildcard-roles", "role", "rules.0.verbs", ["*"]],
  ["require-network-policies", "networkPolicy", "spec.podSelector", { matchLabels: { app: "api" } }],
  ["require-network-policies", "networkPolicy", "metadata.namespace", "elsewhere"],
  [
    "require-network-policies",
    "networkPolicy",
    "spec.podSelector",
    { matchExpressions: [{ key: "app", operator: "Exists" }] },
  ],
  ["require-network-policies", "networkPolicy", "spec.ingress", [{}]],
  ["require-network-policies", "networkPolicy", "spec.egress", [{ to: [] }]],
  ["require-network-policies", "networkPolicy", "spec.policyTypes", ["Ingress"]],
];
