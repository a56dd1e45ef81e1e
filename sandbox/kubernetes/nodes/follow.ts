/** Makes a cluster's nodes those that its pools have. */
import { setTimeout as delay } from "node:timers/promises";
import type { V1Node } from "@kubernetes/client-node";
import { type KubeApi, KubeApiError, type KubeList } from "../api/kube-api.ts";
import type { ClusterSpec, NodeSpec } from "../runtime.ts";
import { deletePodsOn, drain } from "./drain.ts";
import { nodeManifest, nodeStatus } from "./manifest.ts";

const NODES = "/api/v1/nodes";
const READY_WITHIN_MS = 60_000;

/**
 * Adds, changes and removes nodes until they are those given, and waits until all are Ready.
 * Labels and taints that somebody else put on a node stay.
 * @throws when `signal` is aborted, or when a node is not Ready after a minute
 */
export async function followNodes(
  api: KubeApi,
  cluster: ClusterSpec,
  kubernetesVersion: string,
  wanted: readonly NodeSpec[],
  signal: AbortSignal,
): Promise<void> {
  const existing = new Map(
    (await api.get<KubeList<V1Node>>(NODES)).items.map((node) => [node.metadata?.name ?? "", node]),
  );
  const names = new Set(wanted.map(({ name }) => name));
  await Promise.all([
    ...wanted.map((spec) =>
      joinOrUpdate(api, cluster, kubernetesVersion, spec, existing.get(spec.name), signal),
    ),
    ...[...existing.keys()].filter((name) => !names.has(name)).map((name) => removeNode(api, name, signal)),
  ]);
  await untilReady(api, names, signal);
}

async function joinOrUpdate(
  api: KubeApi,
  cluster: ClusterSpec,
  kubernetesVersion: string,
  spec: NodeSpec,
  existing: V1Node | undefined,
  signal: AbortSignal,
): Promise<void> {
  const node = `${NODES}/${spec.name}`;
  const manifest = nodeManifest(cluster, spec, existing);
  if (existing !== undefined && existing.spec?.providerID !== manifest.spec?.providerID) {
    await removeNode(api, spec.name, signal); // A recycled node: the same name on another droplet.
    return joinOrUpdate(api, cluster, kubernetesVersion, spec, undefined, signal);
  }
  await api.apply(node, manifest);
  if (existing?.status?.capacity?.cpu === undefined) {
    await api.patch(`${node}/status`, { status: nodeStatus(spec, kubernetesVersion) });
  }
}

/** Cordons the node, moves its pods away and takes it out. */
async function removeNode(api: KubeApi, name: string, signal: AbortSignal): Promise<void> {
  const node = `${NODES}/${encodeURIComponent(name)}`;
  await api.patch(node, { spec: { unschedulable: true } }).catch(ignoreMissing);
  await drain(api, name, signal);
  await api.delete(node);
  // Those that daemon sets had put there, and those that would not go; the garbage collector would take a minute over them.
  await deletePodsOn(api, name);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof KubeApiError && error.status === 404)) throw error;
}

async function untilReady(api: KubeApi, names: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { items } = await api.get<KubeList<V1Node>>(NODES);
    const ready = new Set(items.filter(isReady).map(({ metadata }) => metadata?.name));
    const missing = [...names].filter((name) => !ready.has(name));
    if (missing.length === 0) return;
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new Error(
        `Nodes ${missing.join(", ")} are not Ready after ${READY_WITHIN_MS / 1000} s: see kwok's log.`,
      );
    }
    await delay(50);
  }
}

function isReady(node: V1Node): boolean {
  return (
    node.status?.capacity?.cpu !== undefined &&
    (node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false) &&
    // Put on while a node is not ready, and taken off shortly after: until then nothing is scheduled there.
    !(node.spec?.taints?.some(({ key }) => key === "node.kubernetes.io/not-ready") ?? false)
  );
}
