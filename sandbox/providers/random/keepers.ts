import type { InputRule } from "../generated/generated-type.ts";
import type { PlainValue } from "../kit/values.ts";

/**
 * The vendor's rule for `keepers`: any change of a value, a key that goes or one that comes makes a new resource; a map
 * without entries is the same as none.
 */
export const KEEPERS: InputRule = {
  kind: "map",
  replaces: (before, after) => entryText(before) !== entryText(after),
};

function entryText(map: PlainValue | undefined): string {
  if (map === undefined || map === null || typeof map !== "object") return "[]";
  return JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
