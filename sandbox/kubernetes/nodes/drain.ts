/** Moves the pods off a node, as their disruption budgets allow. */
import { setTimeout as delay } from "node:timers/promises";
import type { V1Eviction, V1Pod } from "@kubernetes/client-node";
import { type KubeApi, KubeApiError, type KubeList } from "../api/kube-api.ts";

const POLL_MS = 50;
/** A budget that never allows it would keep the node for ever: DOKS gives up too, later than this. */
const DRAIN_WITHIN_MS = 60_000;

/**
 * Evicts the node's pods until none is left but those of daemon sets, which would come back.
 * A pod whose budget is spent stays until another has taken its place elsewhere.
 * @returns also when pods are left after a minute, or when `signal` is aborted
 */
export async function drain(api: KubeApi, node: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + DRAIN_WITHIN_MS;
  for (;;) {
    const pods = (await podsOn(api, node)).filter((pod) => !isOfDaemonSet(pod));
    await Promise.all(pods.map((pod) => evict(api, pod)));
    if (pods.length === 0 || signal.aborted || Date.now() > deadline) return;
    await delay(POLL_MS);
  }
}

/** Deletes all pods of a node, whatever their budgets say. */
export async function deletePodsOn(api: KubeApi, node: string): Promise<void> {
  const pods = await podsOn(api, node);
  await Promise.all(pods.map((pod) => api.delete(pathOf(pod), { gracePeriodSeconds: 0 })));
}

/** Asks for the pod's eviction; one that is refused for now stays. */
async function evict(api: KubeApi, pod: V1Pod): Promise<void> {
  const { name, namespace } = pod.metadata ?? {};
  try {
    await api.create<V1Eviction>(`${pathOf(pod)}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { ...(name && { name }), ...(namespace && { namespace }) },
      deleteOptions: { gracePeriodSeconds: 0 },
    });
  } catch (error) {
    // 429: its budget is spent. 409: it was changed at that moment. 404: it has gone by itself. 500: two budgets cover it.
    if (!(error instanceof KubeApiError && [404, 409, 429, 500].includes(error.status))) throw error;
  }
}

async function podsOn(api: KubeApi, node: string): Promise<V1Pod[]> {
  const selector = encodeURIComponent(`spec.nodeName=${node}`);
  return (await api.get<KubeList<V1Pod>>(`/api/v1/pods?fieldSelector=${selector}`)).items;
}

const pathOf = ({ metadata }: V1Pod): string =>
  `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;

function isOfDaemonSet({ metadata }: V1Pod): boolean {
  return metadata?.ownerReferences?.some(({ kind }) => kind === "DaemonSet") ?? false;
}
