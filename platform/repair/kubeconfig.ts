import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { refresh } from "../engine/operations.ts";
import { withStackLock } from "./locks.ts";
import type { StackState } from "./state.ts";

/**
 * DigitalOcean ends the token of a kubeconfig after a week, and a deployment begins with none that has less than a day
 * left. So one that was recorded within these hours is good for as long as any operation takes.
 */
const surelyGoodMs = 20 * 60 * 60 * 1000;

/** URNs of the providers of Kubernetes whose recorded kubeconfig may have ended, or ends soon. */
export function agedProviders({ resources }: StackState, nowMs: number): string[] {
  return (resources ?? [])
    .filter(({ type }) => type === "pulumi:providers:kubernetes")
    .filter(({ created, modified }) => !(nowMs - Date.parse(modified ?? created ?? "") < surelyGoodMs))
    .map(({ urn }) => urn);
}

/**
 * Has the program configure the providers of Kubernetes anew where what the state records of them has aged: whatever
 * reads or destroys takes them from the state, and would be refused by every cluster a week after the last `up`.
 *
 * Only they are touched. An operation that runs the whole program instead would let it have a say in more: the engine
 * then reports every component as changed, and a destroy protects what the program protects, whatever is recorded.
 */
export async function renewKubeconfigs(
  stack: Stack,
  state: StackState,
  onProgress: (line: string) => void,
): Promise<void> {
  const urns = agedProviders(state, Date.now());
  if (urns.length === 0) return;
  onProgress("Renewing what the state records of how to reach Kubernetes, which has aged.");
  const { error, diagnostics } = await withStackLock(
    stack,
    () => refresh(stack, { urns, runProgram: true, onEvent: () => undefined }),
    onProgress,
  );
  // It may still be good. If it is not, the operation that comes next says which resources it could not reach.
  if (error === undefined) return;
  const reasons = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  onProgress(["That failed, and what is recorded is used as it is.", ...reasons].join("\n"));
}
