/** What the controllers of a cluster have in common: a queue of objects to look at, and telling their owner of failures. */
import type { KubernetesObject } from "@kubernetes/client-node";
import type { ClusterSpec } from "../runtime.ts";
import type { CloudApi } from "./cloud-api.ts";
import { recordEvent } from "./events.ts";
import { Informer, objectKey } from "./informer.ts";
import { type KubeApi, KubeApiError } from "./kube-api.ts";
import { type Outcome, WorkQueue } from "./work-queue.ts";

/** What a controller works with. */
export interface ControllerContext {
  api: KubeApi;
  cloud: CloudApi;
  cluster: ClusterSpec;
}

/** A running controller, as its cluster sees it. */
export interface ClusterController {
  /** Whether everything is as its owners want it. */
  readonly isIdle: boolean;
  /** What is failing at the moment, for people. */
  readonly trouble: string[];
  close(): Promise<void>;
}

/** One kind of object that a controller keeps in order. */
export interface ReconcilerOptions<T extends KubernetesObject> {
  context: ControllerContext;
  /** Name under which events are reported, e.g. `service-controller`. */
  component: string;
  /** Kind for events and messages, e.g. `Service`. */
  kind: string;
  /** Collection over all namespaces. */
  path: string;
  /** Reason of the event that tells of a failed attempt. */
  failureReason: string;
  /** Brings the world in line with one object. A rejection is reported on the object and retried. */
  reconcile: (object: T) => Promise<Outcome>;
  /** Brings the world in line with an object's having gone. @default nothing is to be done */
  reconcileGone?: (key: string) => Promise<Outcome>;
}

const LOOK_AGAIN_MS = 100;

/** The object has changed or gone since this copy of it: nothing to report, the watch will bring the news. */
function isOutdated(error: unknown): boolean {
  return error instanceof KubeApiError && (error.status === 409 || error.status === 404);
}

/** Looks at every object of one kind whenever it changes, and again after failures. */
export class Reconciler<T extends KubernetesObject> implements ClusterController {
  readonly informer: Informer<T>;
  private readonly options: ReconcilerOptions<T>;
  private readonly queue: WorkQueue;
  private readonly failing = new Map<string, string>();

  constructor(options: ReconcilerOptions<T>) {
    this.options = options;
    this.queue = new WorkQueue({
      reconcile: (key) => this.look(key),
      onFailure: (key, error) => this.report(key, error),
    });
    this.informer = new Informer<T>(options.context.api, options.path, (key) => this.queue.add(key));
  }

  get isIdle(): boolean {
    return this.informer.hasSynced && this.queue.isIdle;
  }

  get trouble(): string[] {
    return [...this.failing].map(([key, message]) => `${this.options.kind} ${key}: ${message}`);
  }

  /** Looks at every known object again, e.g. because the nodes have changed. */
  lookAtAll(): void {
    for (const object of this.informer.list()) this.queue.add(objectKey(object));
  }

  async close(): Promise<void> {
    await this.informer.close();
    await this.queue.close();
  }

  private async look(key: string): Promise<Outcome> {
    const object = this.informer.get(key);
    try {
      const { reconcile, reconcileGone } = this.options;
      const outcome = await (object === undefined ? reconcileGone?.(key) : reconcile(object));
      this.failing.delete(key);
      return outcome;
    } catch (error) {
      if (isOutdated(error)) return { againAfterMs: LOOK_AGAIN_MS };
      throw error;
    }
  }

  private report(key: string, error: unknown): void {
    const { context, component, kind, failureReason } = this.options;
    const message = error instanceof Error ? error.message : String(error);
    this.failing.set(key, message);
    const object = this.informer.get(key);
    if (object === undefined) return;
    void recordEvent(context.api, {
      component,
      kind,
      object,
      type: "Warning",
      reason: failureReason,
      message,
    });
  }
}
