/**
 * Real Kubernetes clusters for the emulated cloud. `runtime.ts` says what it offers; a newcomer reads on in `clusters.ts`
 * (all clusters), `cluster.ts` (one), then:
 *
 * - `control-plane/`: the processes of a cluster, their files, and keeping them alive
 * - `bootstrap.ts`: what a fresh cluster holds
 * - `nodes/`: node pools as KWOK nodes
 * - `load-balancers/`, `volumes/`: what DigitalOcean's own controllers do, each a pure core and a controller around it
 * - `neo4j/`: the one program that runs in pods: what its image makes of a pod, its server, and the controller around it
 * - `api/`: clients of the API server and of the emulated cloud, and what controllers have in common
 *
 * Other containers never run. DOKS's Cilium, its Gateway API and volume snapshots are not there.
 */
export { createKubernetesRuntime, type KubernetesRuntimeOptions } from "./clusters.ts";
export type * from "./runtime.ts";
