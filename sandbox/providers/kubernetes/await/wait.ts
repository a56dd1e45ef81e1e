import { setTimeout as sleep } from "node:timers/promises";
import { isNotFound } from "../cluster/api-error.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { annotationOf } from "../objects/annotations.ts";
import {
  type KubernetesObject,
  listAt,
  nameOf,
  namespaceOf,
  numberAt,
  type PlainMap,
  textAt,
} from "../objects/object.ts";
import { kindOf } from "../objects/type-token.ts";
import { type Judge, READY, type Readiness } from "./readiness.ts";

/** How the waiting ended. */
export interface Waited {
  /** The object when it was last seen. */
  readonly object: KubernetesObject;
  /** Why it is not ready; empty when it is. */
  readonly reasons: readonly string[];
}

/** What waiting needs. */
export interface WaitOptions {
  readonly cluster: Cluster;
  readonly judge: Judge;
  readonly updating: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** How long to wait when nobody says. */
const DEFAULT_TIMEOUT_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** How long to wait for an object: as the resource's `customTimeouts` say, else its annotation, else ten minutes. */
export function timeoutMs(inputs: PlainMap, timeoutSeconds: number | undefined): number {
  if (timeoutSeconds) return timeoutSeconds * 1000;
  const annotated = Number(annotationOf(inputs, "timeoutSeconds"));
  return annotated > 0 ? annotated * 1000 : DEFAULT_TIMEOUT_MS;
}

/** Looks at the object until it is ready, has failed, the time is up or the engine cancels. Rejects when it cannot look. */
export async function waitUntilReady(object: KubernetesObject, options: WaitOptions): Promise<Waited> {
  const deadline = Date.now() + options.timeoutMs;
  let seen = object;
  let readiness: Readiness = { state: "waiting", reasons: [] };
  let pauseMs = FIRST_PAUSE_MS;
  // What it is given up for is what was seen after its time was up.
  let isLate = false;
  const report = onChange(options.progress);
  try {
    for (;;) {
      readiness = await options.judge(seen, options);
      if (readiness.state === "ready") return { object: seen, reasons: [] };
      report(readiness.reasons[0] ?? "waiting");
      if (readiness.state === "failed") return { object: seen, reasons: readiness.reasons };
      if (isLate) {
        const seconds = Math.round(options.timeoutMs / 1000);
        return { object: seen, reasons: [`it was not ready within ${seconds} s`, ...readiness.reasons] };
      }
      const leftMs = Math.max(deadline - Date.now(), 0);
      await sleep(Math.min(pauseMs, leftMs), undefined, { signal: options.signal });
      pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
      isLate = Date.now() >= deadline;
      const next = await look(seen, options);
      if (next === undefined) return goneWhileWaiting(seen);
      seen = next;
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
    return { object: seen, reasons: ["the waiting was cancelled", ...readiness.reasons] };
  }
}

/** Looks at the object until it is gone. Resolves to what keeps it, or to undefined when it is gone. */
export async function waitUntilGone(
  object: KubernetesObject,
  options: Omit<WaitOptions, "judge" | "updating">,
): Promise<string | undefined> {
  const deadline = Date.now() + options.timeoutMs;
  const uid = textAt(object, "metadata", "uid");
  const report = onChange(options.progress);
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const seen = await look(object, options);
    if (seen === undefined || (uid !== "" && textAt(seen, "metadata", "uid") !== uid)) return undefined;
    const finalizers = finalizersText(seen);
    report(`waiting for ${seen.kind} ${nameOf(seen)} to be gone${finalizers}`);
    if (Date.now() + pauseMs > deadline) {
      return `${seen.kind} ${nameOf(seen)} is still there after ${Math.round(options.timeoutMs / 1000)} s${finalizers}`;
    }
    await sleep(pauseMs, undefined, { signal: options.signal });
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
  }
}

/** Says a thing once, until there is another to say. */
function onChange(say: (message: string) => void): (message: string) => void {
  let last = "";
  return (message) => {
    if (message !== last) say(message);
    last = message;
  };
}

async function look(
  object: KubernetesObject,
  options: Pick<WaitOptions, "cluster" | "signal">,
): Promise<KubernetesObject | undefined> {
  try {
    return await options.cluster.get(kindOf(object), namespaceOf(object), nameOf(object), options.signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A Job that asks to be tidied away once it is done has been done when it is gone. */
function goneWhileWaiting(seen: KubernetesObject): Waited {
  const tidied = seen.kind === "Job" && numberAt(seen, ["spec", "ttlSecondsAfterFinished"], -1) >= 0;
  return {
    object: seen,
    reasons: tidied ? READY.reasons : [`somebody deleted ${seen.kind} ${nameOf(seen)} meanwhile`],
  };
}

function finalizersText(object: PlainMap): string {
  const finalizers = listAt(object, "metadata", "finalizers").filter((name) => name !== "foregroundDeletion");
  return finalizers.length > 0 ? ` (its finalizers: ${finalizers.join(", ")})` : "";
}
