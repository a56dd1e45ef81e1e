/** Real Kubernetes clusters for the emulated cloud. See `runtime.ts` for what it offers. */
export { createKubernetesRuntime, type KubernetesRuntimeOptions } from "./clusters.ts";
export type * from "./runtime.ts";
