import type { CallContext } from "../../kit/provider.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { isAnnotated } from "../objects/annotations.ts";
import { type KubernetesObject, type PlainMap, parseResourceId } from "../objects/object.ts";
import type { ObjectKind } from "../objects/type-token.ts";
import { judgeOf } from "./judges.ts";
import { isTrue } from "./readiness.ts";
import { timeoutMs, type Waited, waitUntilReady } from "./wait.ts";

/** How to wait for an object that was made or changed. */
export interface AwaitOptions {
  /** Undefined where it cannot be reached: then there is nothing to wait for. */
  readonly cluster: Cluster | undefined;
  /** What was asked for: its annotations may say how long to wait, or for what. */
  readonly inputs: PlainMap;
  readonly timeoutSeconds: number | undefined;
  /** Whether the object was there before. */
  readonly updating: boolean;
  readonly call: Pick<CallContext, "signal" | "progress">;
}

/** The object once it is ready, or why it is not. What goes wrong while looking is a reason, too; never rejects. */
export async function awaitObject(object: KubernetesObject, options: AwaitOptions): Promise<Waited> {
  const { cluster, inputs, timeoutSeconds, updating, call } = options;
  try {
    const judge = judgeOf(inputs, object);
    if (judge === undefined || cluster === undefined) return { object, reasons: [] };
    const limitMs = timeoutMs(inputs, timeoutSeconds);
    const { signal, progress } = call;
    return await waitUntilReady(object, { cluster, judge, updating, timeoutMs: limitMs, signal, progress });
  } catch (error) {
    return { object, reasons: [error instanceof Error ? error.message : String(error)] };
  }
}

/** How long a refresh gives an object that is not ready. */
const REFRESH_PATIENCE_SECONDS = 3;

/** Why an object that is being refreshed is not ready; what is only just on its way gets a moment. */
export async function unreadiness(
  live: KubernetesObject,
  options: Pick<AwaitOptions, "cluster" | "inputs" | "call">,
): Promise<readonly string[]> {
  const waited = await awaitObject(live, {
    ...options,
    timeoutSeconds: REFRESH_PATIENCE_SECONDS,
    updating: true,
    call: { signal: options.call.signal, progress: () => undefined },
  });
  return waited.reasons;
}

/** Whether it is a Job that has not completed, and that asks (by annotation) to be replaced until it has. */
export async function isUnreadyJob(
  kind: ObjectKind,
  id: string,
  { cluster, inputs, call }: Pick<AwaitOptions, "cluster" | "inputs" | "call">,
): Promise<boolean> {
  const asked = isAnnotated(inputs, "replaceUnready");
  if (!asked || kind.group !== "batch" || kind.kind !== "Job" || cluster === undefined) return false;
  const { namespace, name } = parseResourceId(id);
  const job = await cluster.get(kind, namespace, name, call.signal).catch(() => undefined);
  return job !== undefined && !isTrue(job, "Complete");
}
