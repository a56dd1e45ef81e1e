import type { PlainValue } from "../../kit/index.ts";
import { type Field, type Fields, snakeCase } from "./fields.ts";

/**
 * A value with its sets in the order of Terraform's state, which is what the vendor's plugin leaves: text by its bytes,
 * numbers by size, and objects by their parts, these in the order of their names.
 */
export function inStateOrder(field: Field, value: PlainValue): PlainValue {
  if (field.kind === "list" && Array.isArray(value)) {
    const items = value.map((item) => inStateOrder(field.item, item));
    return field.unordered ? sorted(field.item, items) : items;
  }
  if (field.kind !== "object" || typeof value !== "object" || value === null || Array.isArray(value))
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      const inner = field.fields[name];
      return [name, inner === undefined ? part : inStateOrder(inner, part)];
    }),
  );
}

function sorted(field: Field, items: PlainValue[]): PlainValue[] {
  if (field.kind === "integer" || field.kind === "number") {
    return items.sort((one, other) => Number(one) - Number(other));
  }
  const keyed = items.map((item) => ({
    item,
    key: Buffer.from(field.kind === "string" ? String(item) : keyOf(field, item)),
  }));
  return keyed.sort((one, other) => Buffer.compare(one.key, other.key)).map(({ item }) => item);
}

/** What Terraform's values compare objects by: their parts written down, one after the other, and "~" for none. */
function keyOf(field: Field, value: PlainValue | undefined): string {
  if (value === undefined || value === null) return "~";
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value !== "object") return JSON.stringify(value);
  if (field.kind === "list" && Array.isArray(value)) {
    return `[${value.map((item) => `${keyOf(field.item, item)};`).join("")}]`;
  }
  if (field.kind === "object" && !Array.isArray(value)) {
    return `<${partsInOrder(field.fields)
      .map(([name, part]) => `${keyOf(part, value[name])};`)
      .join("")}>`;
  }
  return JSON.stringify(value);
}

const partsInOrder = (fields: Fields): [string, Field][] =>
  Object.entries(fields).sort(([one], [other]) => (snakeCase(one) < snakeCase(other) ? -1 : 1));
