import { bridgeDefaults } from "../report/shown-value.ts";
import { standsInCloud } from "./lookup.ts";
import { inOrder } from "./order.ts";
import type { PendingOperation, StackState, StateResource } from "./state.ts";

/** What is to be found out about a killed run before its stack can be worked on again. */
export interface RepairPlan {
  /** Creates that may have happened: to be looked for in the cloud. */
  readonly lookUp: readonly StateResource[];
  /** Creates that leave nothing behind, or that can simply be made again. */
  readonly drop: readonly StateResource[];
  /** Updates and deletes that may have happened, and what an earlier repair left to be read: to be read again. */
  readonly reread: readonly string[];
}

/**
 * Sorts what was pending when the engine was killed. Nothing pending gives an empty plan.
 *
 * @param unread URNs that an earlier repair was to read, and did not. Default: none.
 */
export function planRepair(state: StackState, unread: readonly string[] = []): RepairPlan {
  const pending = state.pending_operations ?? [];
  const creates = pending.filter(isCreate).map(({ resource }) => resource);
  const recorded = new Set((state.resources ?? []).map(({ urn }) => urn));
  const changed = pending.filter((operation) => !isCreate(operation)).map(({ resource }) => resource.urn);
  return {
    lookUp: creates.filter(standsInCloud),
    drop: creates.filter((resource) => !standsInCloud(resource)),
    reread: [...new Set([...changed, ...unread])].filter((urn) => recorded.has(urn)),
  };
}

/** Whether the plan asks for nothing. */
export const isEmpty = (plan: RepairPlan): boolean =>
  plan.lookUp.length + plan.drop.length + plan.reread.length === 0;

/**
 * The state with nothing pending, in which each create that was found in the cloud is recorded with its id.
 * A resource that is recorded already, because it was being replaced, has its old record kept for deletion, unless that
 * was deleted before.
 *
 * @param found Id by URN of what the cloud has.
 */
export function applyRepair(state: StackState, found: ReadonlyMap<string, string>): StackState {
  const adopted = (state.pending_operations ?? []).flatMap((operation) => {
    const id = found.get(operation.resource.urn);
    return id === undefined || !isCreate(operation) ? [] : [adopt(operation.resource, id)];
  });
  const known = new Set((state.resources ?? []).map(({ urn, id }) => `${urn}\n${id}`));
  const news = adopted.filter(({ urn, id }) => !known.has(`${urn}\n${id}`));
  const replaced = new Set(news.map(({ urn }) => urn));
  const resources = (state.resources ?? [])
    .filter(({ urn, pendingReplacement }) => !(replaced.has(urn) && pendingReplacement === true))
    .map((resource) => (replaced.has(resource.urn) ? { ...resource, delete: true } : resource));
  return { ...state, resources: inOrder([...resources, ...news]), pending_operations: [] };
}

const isCreate = ({ type }: PendingOperation): boolean => type === "creating";

/**
 * Its outputs are what is known of it, until it is read: with none at all, a provider takes the read for an import, and
 * would look for what is inside of something else (a record of a domain, a user of a database) by its id alone.
 */
function adopt(resource: StateResource, id: string): StateResource {
  return { ...resource, id, outputs: { ...withoutDefaults(resource.inputs ?? {}), id } };
}

/** Inputs, without the providers' note of which are defaults, which outputs have not. */
const withoutDefaults = (inputs: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name !== bridgeDefaults)
      .map(([name, value]) => [name, outputOf(value)]),
  );

function outputOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(outputOf);
  return typeof value === "object" && value !== null ? withoutDefaults(value) : value;
}
