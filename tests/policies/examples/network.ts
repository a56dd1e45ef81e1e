import { edgeAnnotation } from "../compliant.ts";
import { unknown } from "../harness.ts";
import { type Breach, pod, type Sound } from "./breach.ts";
/** Breaches of the rules in `policies/network/`. */
export const networkBreaches: readonly Breach[] = [
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
  ["require-network-policies", "networkPolicy", "spec", { podSelector: {}, ingress: [], egress: [] }],
  ["require-network-policies", "networkPolicy", "spec.ingress", [{ from: [{ ipBlock: { cidr: "::/0" } }] }]],
  [
    "require-network-policies",
    "networkPolicy",
    "spec.egress",
    [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
  ],

  ["refuse-dangling-selectors", "service", "spec.selector", { app: "api" }],
  ["refuse-dangling-selectors", "service", "metadata.namespace", "elsewhere"],
  ["refuse-dangling-selectors", "disruptionBudget", "spec.selector.matchLabels", { app: "api" }],
  ["refuse-dangling-selectors", "disruptionBudget", "spec.selector", undefined],
  ["refuse-dangling-selectors", "networkPolicy", "spec.podSelector", { matchLabels: { app: "api" } }],
  ["refuse-dangling-selectors", "deployment", "spec.selector.matchLabels", { app: "api" }],
  ["refuse-dangling-references", "ingress", "spec.rules.0.http.paths.0.backend.service.name", "api"],
  ["refuse-dangling-references", "ingress", "spec.defaultBackend", { service: { name: "api" } }],
  ["refuse-dangling-references", "autoscaler", "spec.scaleTargetRef.name", "another"],
  ["refuse-dangling-references", "statefulSet", "spec.serviceName", "another"],
  ["require-ingress-tls", "ingress", "spec.tls", undefined],
  ["require-ingress-tls", "ingress", "spec.tls", []],
  ["require-ingress-tls", "ingress", "spec.tls.0.hosts", ["other.example.com"]],
  ["require-ingress-tls", "ingress", "spec.rules.0.host", "deep.api.example.com"],
  ["require-ingress-tls", "ingress", "metadata.annotations", { "kubernetes.io/ingress.allow-http": "true" }],
  ["refuse-wildcard-hosts", "ingress", "spec.rules.0.host", undefined],
  ["refuse-wildcard-hosts", "ingress", "spec.rules.0.host", "*.example.com"],
  ["refuse-wildcard-hosts", "ingress", "spec", { defaultBackend: { service: { name: "edge" } } }],
  ...["configuration-snippet", "server-snippet", "auth-snippet"].map(
    (name): Breach => [
      "refuse-ingress-snippets",
      "ingress",
      "metadata.annotations",
      { [`nginx.ingress.kubernetes.io/${name}`]: "lua_package_path /" },
    ],
  ),
  [
    "refuse-ingress-snippets",
    "ingress",
    "metadata.annotations",
    { "nginx.ingress.kubernetes.io/auth-url": "https://a.example.com/#;\nload_module x" },
  ],
  [
    "refuse-ingress-snippets",
    "ingress",
    "metadata.annotations",
    { "nginx.ingress.kubernetes.io/server-snippet": unknown },
  ],
  ["refuse-host-aliases", "deployment", `${pod}.hostAliases`, [{ ip: "10.0.0.1", hostnames: ["db"] }]],
];

/** What those rules may not mind. */
export const networkSound: readonly Sound[] = [
  [
    "require-network-policies",
    "networkPolicy",
    "spec.podSelector",
    { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "Exists" }] },
  ],
  ["require-network-policies", "networkPolicy", "spec.ingress", [{ ports: [{ port: 8000 }] }]],
  [
    "require-network-policies",
    "networkPolicy",
    "spec",
    { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }] },
  ],
  [
    "require-network-policies",
    "networkPolicy",
    "spec.egress",
    [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }] }],
  ],
  ["refuse-node-ports", "service", "spec.type", "ClusterIP"],
  ["refuse-dangling-selectors", "service", "spec.selector", undefined],
  ["refuse-dangling-selectors", "disruptionBudget", "spec.selector", {}],
  ["refuse-dangling-references", "ingress", "spec.rules.0.http", undefined],
  ["require-ingress-tls", "ingress", "spec.tls.0.hosts", ["api.example.com"]],
  ["require-ingress-tls", "ingress", "spec.tls.0.hosts", undefined],
  ["refuse-ingress-snippets", "ingress", "metadata.annotations", { "example.com/snippet": "a;b" }],
  ["refuse-ingress-snippets", "ingress", "metadata.annotations", { configuration: unknown }],
  [
    "refuse-ingress-snippets",
    "ingress",
    "metadata.annotations",
    { "nginx.ingress.kubernetes.io/auth-url": unknown },
  ],
  ["refuse-wildcard-hosts", "ingress", "spec.defaultBackend", { service: { name: "edge" } }],
  ["refuse-host-aliases", "deployment", `${pod}.hostAliases`, []],
];
