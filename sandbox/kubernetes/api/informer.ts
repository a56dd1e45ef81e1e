/** A local copy of one kind of object, kept up to date by a watch that survives restarts of the API server. */
import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node";
import { type KubeApi, KubeApiError, type KubeList } from "./kube-api.ts";

const RECONNECT_AFTER_MS = 500;

/** `namespace/name`, or `name` of what has no namespace. */
export function objectKey(object: KubernetesObject): string {
  const { namespace, name = "" } = object.metadata ?? {};
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** See the file's comment. Begins at construction, ends with {@link Informer.close}. */
export class Informer<T extends KubernetesObject> {
  private readonly objects = new Map<string, T>();
  private readonly api: KubeApi;
  private readonly path: string;
  private readonly onChange: (key: string) => void;
  private readonly abort = new AbortController();
  private readonly finished: Promise<void>;
  private synced = false;

  /**
   * @param path collection over all namespaces, e.g. `/api/v1/services`; selectors may follow it
   * @param onChange told the key of every object that appeared, changed or went
   */
  constructor(api: KubeApi, path: string, onChange: (key: string) => void) {
    this.api = api;
    this.path = path;
    this.onChange = onChange;
    this.finished = this.run();
  }

  /** Whether the first list has arrived: before that, an absent object may exist. */
  get hasSynced(): boolean {
    return this.synced;
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  list(): T[] {
    return [...this.objects.values()];
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.finished;
  }

  private async run(): Promise<void> {
    let resourceVersion: string | undefined;
    while (!this.abort.signal.aborted) {
      try {
        resourceVersion = await this.follow(resourceVersion ?? (await this.relist()));
      } catch (error) {
        // The version is too old to go on from (410), or the server is away: a restored one may know older versions only.
        resourceVersion = undefined;
        if (!(error instanceof KubeApiError && error.status === 410)) await this.pause();
      }
    }
  }

  private async pause(): Promise<void> {
    await delay(RECONNECT_AFTER_MS, undefined, { signal: this.abort.signal }).catch(() => undefined);
  }

  private async relist(): Promise<string> {
    const list = await this.api.get<KubeList<T>>(this.path);
    const gone = new Set(this.objects.keys());
    for (const object of list.items) {
      gone.delete(objectKey(object));
      this.put(object);
    }
    for (const key of gone) this.remove(key);
    this.synced = true;
    return list.metadata?.resourceVersion ?? "0";
  }

  /** @returns the version reached when the server ended the watch, as it does every few minutes */
  private async follow(from: string): Promise<string> {
    let resourceVersion = from;
    for await (const { type, object } of this.api.watch<T>(this.path, from, this.abort.signal)) {
      if (type === "ERROR") throw new KubeApiError(410, "Expired", "the watch cannot go on from here");
      resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
      if (type === "DELETED") this.remove(objectKey(object));
      else if (type !== "BOOKMARK") this.put(object);
    }
    return resourceVersion;
  }

  private put(object: T): void {
    const key = objectKey(object);
    const known = this.objects.get(key)?.metadata?.resourceVersion;
    this.objects.set(key, object);
    if (known !== object.metadata?.resourceVersion) this.onChange(key);
  }

  private remove(key: string): void {
    if (this.objects.delete(key)) this.onChange(key);
  }
}
