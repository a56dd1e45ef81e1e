import {
  hasSecret,
  hasUnknown,
  isPropertyMap,
  type PlainValue,
  type PropertyMap,
  type PropertyValue,
  Secret,
  Unknown,
  unwrap,
  withoutSecrets,
} from "../../kit/values.ts";
import { type GroupSchema, isQuantityNode, type SchemaNode } from "../cluster/schema.ts";
import { isOmitted } from "./omitted.ts";
import { canonicalQuantity } from "./quantity.ts";

/** Metadata that only the API server writes. */
const READ_ONLY_METADATA: readonly string[] = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Inputs in the form in which the API server keeps them, so that they can be compared with what it answers: no null fields,
 * no read-only metadata, no fields that mean nothing, quantities canonical, a Secret's `stringData` as `data`. Secrets'
 * wrappers stay.
 */
export function normaliseInputs(
  inputs: PropertyMap,
  schema: { group: GroupSchema; root: SchemaNode } | undefined,
): PropertyMap {
  const writable = withoutReadOnlyMetadata(withoutNulls(inputs) as PropertyMap);
  const canonical =
    schema === undefined ? writable : (canonicalValue(schema.group, schema.root, writable) as PropertyMap);
  return isCoreSecret(canonical) ? withEncodedStrings(canonical) : canonical;
}

function withoutNulls(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return new Secret(withoutNulls(value.value));
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => [name, withoutNulls(part)]),
  );
}

function withoutReadOnlyMetadata(inputs: PropertyMap): PropertyMap {
  const metadata = inputs.metadata;
  if (!isPropertyMap(metadata)) return inputs;
  const writable = Object.entries(metadata).filter(([name]) => !READ_ONLY_METADATA.includes(name));
  return { ...inputs, metadata: Object.fromEntries(writable) };
}

function canonicalValue(schema: GroupSchema, node: SchemaNode, value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return new Secret(canonicalValue(schema, node, value.value));
  if (isQuantityNode(node)) {
    return typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : value;
  }
  if (Array.isArray(value)) {
    const member = schema.member(node);
    return value.map((each) => canonicalValue(schema, member, each));
  }
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      const field = schema.field(node, name);
      if (field === undefined) return [[name, part]];
      return isPlain(part) && isOmitted(node, name, field, part)
        ? []
        : [[name, canonicalValue(schema, field, part)]];
    }),
  );
}

function isPlain(value: PropertyValue): value is PlainValue {
  return !hasSecret(value) && !hasUnknown(value);
}

function isCoreSecret(inputs: PropertyMap): boolean {
  return inputs.apiVersion === "v1" && inputs.kind === "Secret";
}

/** `stringData` is a convenience of the API: the server stores it in `data`, in base64, over what is there. */
function withEncodedStrings(inputs: PropertyMap): PropertyMap {
  const strings = withoutSecrets(inputs.stringData ?? null);
  if (!isPropertyMap(strings) || Object.keys(strings).length === 0) return inputs;
  const values = Object.values(strings);
  if (values.some((value) => value instanceof Unknown || typeof value !== "string")) return inputs;
  const given = unwrap(inputs.data ?? {});
  if (!isPropertyMap(given)) return inputs;
  const encoded = Object.entries(strings).map(([name, value]) => [
    name,
    Buffer.from(String(value), "utf8").toString("base64"),
  ]);
  const { stringData: _encoded, ...others } = inputs;
  return { ...others, data: new Secret({ ...given, ...Object.fromEntries(encoded) }) };
}
