import { storeTypes } from "../../policies/stores/types.ts";
import { isBookkeeping, nameOf } from "../engine/plan.ts";
import type { StackState, StateResource } from "../repair/state.ts";

/** How many things an environment has: the number that previews, status and destroy have in common. */
export interface ResourceCounts {
  readonly resources: number;
  /** How many of them are components: the frames that others are grouped in, of which the cloud knows nothing. */
  readonly components: number;
}

/** What a state records, without the engine's own entries. */
const recorded = ({ resources }: StackState): StateResource[] =>
  (resources ?? []).filter((resource) => !isBookkeeping(resource));

export function countResources(state: StackState): ResourceCounts {
  const all = recorded(state);
  return { resources: all.length, components: all.filter(({ custom }) => custom !== true).length };
}

/** `138 resources (24 of them components)`. */
export const resourcesText = ({ resources, components }: ResourceCounts): string =>
  `${resources} resources${components === 0 ? "" : ` (${components} of them components)`}`;

/** How many kinds of what is no store are named. */
const maxKinds = 6;

/** What a destroy takes away: each store, because its data goes with it, and of the rest how many of each kind. */
export function goingText(state: StackState): string {
  const all = recorded(state).filter(({ custom }) => custom === true);
  const isStore = ({ type }: StateResource) => storeTypes.some((store) => store === type);
  const stores = all.filter(isStore).map(({ urn, type }) => `  - ${nameOf(urn)} (${type})`);
  const kinds = new Map<string, number>();
  for (const { type } of all.filter((resource) => !isStore(resource))) {
    const kind = type.slice(type.lastIndexOf(":") + 1);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const named = [...kinds].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const rest = named.slice(0, maxKinds).map(([kind, count]) => `${count} ${kind}`);
  if (named.length > maxKinds) rest.push(`and ${named.length - maxKinds} other kinds`);
  return [
    ...(stores.length === 0 ? [] : ["These stores go, with all they hold:", ...stores]),
    ...(rest.length === 0
      ? []
      : [`${stores.length === 0 ? "What goes" : "And with them"}: ${rest.join(", ")}.`]),
  ].join("\n");
}
