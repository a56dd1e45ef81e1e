import { type Breach, container, pod, type Sound } from "./breach.ts";
/** Breaches of the rules in `policies/supply-chain/`. */
export const supplyChainBreaches: readonly Breach[] = [
  ["require-pinned-images", "deployment", `${container}.image`, "nginx"],
  ["require-pinned-images", "deployment", `${container}.image`, "localhost:5000/nginx:latest"],

  ["require-pinned-images", "deployment", `${pod}.volumes.0`, { name: "a", image: { reference: "data" } }],
  ["require-image-digests", "deployment", `${container}.image`, "nginx:1.29.3"],
  ["refuse-unknown-registries", "deployment", `${container}.image`, "registry.example/api:1.0.0"],
  ["refuse-unknown-registries", "deployment", `${container}.image`, "prometheus/prom:v3.7.3"],
  ["refuse-unknown-registries", "deployment", `${container}.image`, "registry.digitalocean.com.example/a:1"],
  ["refuse-cluster-consoles", "deployment", `${container}.image`, "kubernetesui/dashboard:v2.7.0"],
  ["refuse-cluster-consoles", "deployment", `${container}.image`, "gcr.io/kubernetes-helm/tiller:v2.17.0"],
];

/** What those rules may not mind. */
export const supplyChainSound: readonly Sound[] = [
  ["require-pinned-images", "deployment", `${container}.image`, "localhost:5000/nginx:1.29.3"],
  ["require-pinned-images", "deployment", `${container}.image`, `nginx@sha256:${"0".repeat(64)}`],
  ["require-image-digests", "deployment", `${container}.image`, `nginx:1.29.3@sha256:${"0".repeat(64)}`],
  ["refuse-unknown-registries", "deployment", `${container}.image`, "nginx:1.29.3"],
  ["refuse-unknown-registries", "deployment", `${container}.image`, "registry.k8s.io/pause:3.10"],
  ["refuse-cluster-consoles", "deployment", `${container}.image`, "grafana/grafana:12.4.10"],
];
