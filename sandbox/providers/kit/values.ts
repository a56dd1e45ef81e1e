/** A value that must be encrypted wherever the engine stores it. Secrets do not nest: a secret of a secret is one secret. */
export class Secret {
  /** What is kept secret; may itself be {@link UNKNOWN} or contain it. */
  readonly value: PropertyValue;

  constructor(value: PropertyValue) {
    this.value = value instanceof Secret ? value.value : value;
  }
}

/** The type of {@link UNKNOWN}, its only instance. */
export class Unknown {
  toString(): string {
    return "<unknown>";
  }
}

/** A value that the engine does not know yet, in a preview: the output of a resource that is still to be made. */
export const UNKNOWN = new Unknown();

/** A property of a resource as the kit hands it out: JSON, with markers for what is secret or not known yet. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | Secret
  | Unknown
  | PropertyValue[]
  | { [name: string]: PropertyValue };

/** The properties of a resource, by name. An absent property and an undefined one are the same. */
export type PropertyMap = { [name: string]: PropertyValue };

/** Plain JSON: a property without markers. */
export type PlainValue = null | boolean | number | string | PlainValue[] | { [name: string]: PlainValue };

/** Whether the value is an object of properties: no list, no marker, not null. */
export function isPropertyMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** The value under a secret's wrapper, if it has one. Only the outermost wrapper: see {@link reveal}. */
export function unwrap(value: PropertyValue): Exclude<PropertyValue, Secret>;
export function unwrap(value: PropertyValue | undefined): Exclude<PropertyValue, Secret> | undefined;
export function unwrap(value: PropertyValue | undefined): Exclude<PropertyValue, Secret> | undefined {
  return value instanceof Secret ? (value.value as Exclude<PropertyValue, Secret>) : value;
}

/** Whether the value is unknown, or holds something unknown at any depth. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
  return some(value, (part) => part instanceof Unknown);
}

/** Whether the value is secret, or holds something secret at any depth. */
export function hasSecret(value: PropertyValue | undefined): boolean {
  return some(value, (part) => part instanceof Secret);
}

/**
 * The value with all wrappers of secrets taken off, for use in a request to a cloud, never for the state.
 * Throws when something in it is unknown: what is unknown is only so in a preview, which makes no requests.
 */
export function reveal(value: PropertyValue): PlainValue {
  if (value instanceof Unknown) throw new Error("a value that is not known yet cannot be used in a request");
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isPropertyMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, reveal(part)]));
  }
  return value;
}

/** Like {@link reveal}, but what is unknown stays so: for comparisons that must not depend on secrecy. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return withoutSecrets(value.value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (isPropertyMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutSecrets(part)]));
  }
  return value;
}

function some(value: PropertyValue | undefined, test: (part: PropertyValue) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (value instanceof Secret) return some(value.value, test);
  if (Array.isArray(value)) return value.some((part) => some(part, test));
  if (isPropertyMap(value)) return Object.values(value).some((part) => some(part, test));
  return false;
}
