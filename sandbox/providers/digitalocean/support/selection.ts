import type { PlainValue } from "../../kit/index.ts";
import { boolean, type Fields, list, object, set, string } from "../dsl/fields.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";

/** The inputs of functions that list things: which, and in which order. */
export const selection: Fields = {
  filters: set(
    object({
      all: boolean({ default: false }),
      key: string({ required: true }),
      matchBy: string({ default: "exact", oneOf: ["exact", "re", "substring"] }),
      values: list(string(), { required: true }),
    }),
    { wire: null },
  ),
  sorts: list(object({ direction: string({ oneOf: ["asc", "desc"] }), key: string({ required: true }) }), {
    wire: null,
  }),
};

const maps = (value: PlainValue | undefined): PlainMap[] =>
  Array.isArray(value) ? value.filter(isPlainMap) : [];

/** The entries that pass every filter, sorted by the first key, then the second, ... */
export function select(entries: readonly PlainMap[], inputs: PlainMap): PlainMap[] {
  const filters = maps(inputs.filters);
  const sorts = maps(inputs.sorts);
  return entries
    .filter((entry) => filters.every((filter) => passes(entry, filter)))
    .sort((one, other) => {
      for (const { key, direction } of sorts) {
        const order = compare(one[String(key)], other[String(key)]);
        if (order !== 0) return direction === "desc" ? -order : order;
      }
      return 0;
    });
}

function passes(entry: PlainMap, filter: PlainMap): boolean {
  const value = entry[String(filter.key)];
  const present = (Array.isArray(value) ? value : [value]).map(String);
  const wanted = Array.isArray(filter.values) ? filter.values.map(String) : [];
  const matches = (text: string, pattern: string) => {
    if (filter.matchBy === "re") return new RegExp(pattern).test(text);
    return filter.matchBy === "substring" ? text.includes(pattern) : text === pattern;
  };
  const found = (pattern: string) => present.some((text) => matches(text, pattern));
  return filter.all === true ? wanted.every(found) : wanted.some(found);
}

function compare(one: PlainValue | undefined, other: PlainValue | undefined): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other));
}
