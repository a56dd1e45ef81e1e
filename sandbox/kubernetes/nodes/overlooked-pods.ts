/**
 * Shows KWOK again the pods that it does not start. One that was just started anew learns of nodes and of pods at the
 * same time, and passes over a pod whose node it does not know yet; only a change of the pod brings it back.
 */
import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterController, ControllerContext } from "../api/controller.ts";
import { Informer } from "../api/informer.ts";

/** Pods that have a node and do not run there: by themselves, they are among them for a moment. */
const WAITING_PODS = "/api/v1/pods?fieldSelector=status.phase%3DPending%2Cspec.nodeName%21%3D";

/** When KWOK was last shown a pod. */
export const SHOWN_AT = "sandbox.whisper/shown-at";

const PATIENCE_MS = 2_000;

export class OverlookedPods implements ClusterController {
  /** Nobody waits for it: a pod that does not run is its own news. */
  readonly isIdle = true;
  readonly trouble: string[] = [];
  private readonly context: ControllerContext;
  private readonly informer: Informer<V1Pod>;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private closed = false;

  constructor(context: ControllerContext) {
    this.context = context;
    this.informer = new Informer<V1Pod>(context.api, WAITING_PODS, (key) => this.watchOver(key));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.informer.close();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private watchOver(key: string): void {
    if (this.informer.get(key) === undefined) {
      clearTimeout(this.timers.get(key));
      this.timers.delete(key);
    } else if (!this.closed && !this.timers.has(key)) {
      this.timers.set(key, setTimeout(() => void this.show(key), PATIENCE_MS).unref());
    }
  }

  private async show(key: string): Promise<void> {
    this.timers.delete(key);
    const { namespace, name } = this.informer.get(key)?.metadata ?? {};
    if (name === undefined) return;
    const annotations = { [SHOWN_AT]: new Date().toISOString() };
    // Whether or not that could be said, the pod is looked at again.
    await this.context.api
      .patch(`/api/v1/namespaces/${namespace}/pods/${name}`, { metadata: { annotations } })
      .catch(() => undefined);
    this.watchOver(key);
  }
}
