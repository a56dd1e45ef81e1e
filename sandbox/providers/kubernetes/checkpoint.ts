import {
  hasSecret,
  isPropertyMap,
  type PlainValue,
  type PropertyMap,
  type PropertyValue,
  Secret,
  unwrap,
  withoutSecrets,
} from "../kit/values.ts";
import { isMap, type KubernetesObject, type PlainMap, textAt } from "./objects/object.ts";

/** Bookkeeping that the vendor's plugin keeps among the outputs. */
const INPUTS = "__inputs";
const INITIAL_API_VERSION = "__initialApiVersion";
const FIELD_MANAGER = "__fieldManager";

/** Outputs taken apart: the object as it was last seen, and what the provider noted beside it. */
export interface Checkpoint {
  /** The object when it was last written or read. */
  readonly live: PlainMap;
  /** The inputs it was made of. */
  readonly inputs: PropertyMap;
  readonly initialApiVersion: string;
  /** Empty when the outputs do not say. */
  readonly fieldManager: string;
}

/**
 * The outputs of an object: its fields as the server tells them, and the bookkeeping. Fields that were secret in the inputs
 * are secret here, and so are the contents of a Secret.
 */
export function toOutputs(
  live: KubernetesObject,
  inputs: PropertyMap,
  notes: { initialApiVersion: string; fieldManager: string },
): PropertyMap {
  const outputs = markSecrets(toProperties(live), toProperties(inputs));
  return {
    ...outputs,
    [INPUTS]: markSecrets(toProperties(inputs), toProperties(inputs)),
    [INITIAL_API_VERSION]: notes.initialApiVersion,
    [FIELD_MANAGER]: notes.fieldManager,
  };
}

/** Takes outputs apart. */
export function fromOutputs(outputs: PropertyMap): Checkpoint {
  const { [INPUTS]: inputs, [INITIAL_API_VERSION]: version, [FIELD_MANAGER]: manager, ...live } = outputs;
  const plain = toPlainObject(live);
  return {
    live: plain,
    inputs: isPropertyMap(inputs) ? inputs : {},
    initialApiVersion: typeof version === "string" ? version : textAt(plain, "apiVersion"),
    fieldManager: typeof manager === "string" ? manager : "",
  };
}

/** Inputs, or what the provider returns of them, with what must be secret wrapped: see {@link toOutputs}. */
export function markSecrets(properties: PropertyMap, inputs: PropertyMap): PropertyMap {
  if (properties.kind === "Secret") {
    const wrapped = ["data", "stringData"].flatMap((name) => {
      const value = properties[name];
      return value === undefined ? [] : [[name, new Secret(value)]];
    });
    return { ...properties, ...Object.fromEntries(wrapped) };
  }
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, markSecret(value, inputs[name])]),
  );
}

/** A list in which anything was secret is secret as a whole: its members may have changed places. */
function markSecret(value: PropertyValue, input: PropertyValue | undefined): PropertyValue {
  if (value instanceof Secret || !hasSecret(input)) return value;
  if (isPropertyMap(value) && isPropertyMap(input)) return markSecrets(value, input);
  return new Secret(value);
}

/** Fields of CustomResourceDefinitions whose names the SDKs cannot spell, by the name they have there. */
const SPELLINGS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "embedded-resource",
    "int-or-string",
    "list-map-keys",
    "list-type",
    "map-type",
    "preserve-unknown-fields",
    "validations",
  ].map((name) => [`x_kubernetes_${name.replaceAll("-", "_")}`, `x-kubernetes-${name}`]),
);
const SDK_SPELLINGS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SPELLINGS).map(([sdk, api]) => [api, sdk]),
);

/** Properties as the API server takes them: no wrappers, names as the API spells them. What is unknown stays so. */
export function toPlainObject(properties: PropertyMap): PlainMap {
  return respell(withoutSecrets(properties), SPELLINGS) as PlainMap;
}

/** Properties with names as the API spells them; wrappers stay. */
export function withApiSpelling(properties: PropertyMap): PropertyMap {
  return respell(properties, SPELLINGS) as PropertyMap;
}

/** An object of the API server as properties, names as the SDKs spell them. */
export function toProperties(object: PropertyMap): PropertyMap {
  return respell(object, SDK_SPELLINGS) as PropertyMap;
}

function respell(value: PropertyValue, spellings: Readonly<Record<string, string>>): PropertyValue {
  if (Array.isArray(value)) return value.map((part) => respell(part, spellings));
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [spellings[name] ?? name, respell(part, spellings)]),
  );
}

/**
 * What of the live object the inputs (as {@link toPlainObject} leaves them) speak of: drift shows in fields we manage, and in no others. A field that means
 * nothing (false, 0, empty) and that the server leaves out is as it was asked for.
 */
export function pruneToInputs(live: PlainMap, inputs: PlainMap): PlainMap {
  return pruneMap(live, inputs);
}

function pruneMap(live: PlainMap, inputs: PropertyMap): PlainMap {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) => {
      const value = live[name];
      if (value === undefined) return isZero(input) ? [[name, input as PlainValue]] : [];
      return [[name, prune(value, input)]];
    }),
  );
}

function prune(live: PlainValue, input: PropertyValue): PlainValue {
  if (isMap(live) && isPropertyMap(input)) return pruneMap(live, input);
  if (!Array.isArray(live) || !Array.isArray(input)) return live;
  const byName = membersByName(live, input);
  if (byName !== undefined) {
    return input.flatMap((member) => {
      const found = byName.get(textAt(member as PlainValue, "name"));
      return found === undefined ? [] : [prune(found, member)];
    });
  }
  return live.slice(0, input.length).map((member, index) => prune(member, input[index] ?? null));
}

/** Members of a list by name, when all have one of their own: others may have added theirs in between. */
function membersByName(
  live: readonly PlainValue[],
  input: readonly PropertyValue[],
): Map<string, PlainValue> | undefined {
  const names = live.map((member) => textAt(member, "name"));
  const named =
    input.length > 0 &&
    input.every((member) => isPropertyMap(member) && typeof unwrap(member.name) === "string");
  const unique = new Set(names).size === names.length && !names.includes("");
  return named && unique ? new Map(live.map((member, index) => [names[index] ?? "", member])) : undefined;
}

/** Whether the value is one that the API server leaves out, because it means nothing. */
export function isZero(value: PropertyValue): boolean {
  if (value === null || value === false || value === 0 || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPropertyMap(value) && Object.values(value).every(isZero);
}
