import type { PlainValue } from "../../kit/values.ts";

/** A map of plain values: a part of a Kubernetes object. */
export type PlainMap = { [name: string]: PlainValue };

/** A Kubernetes object as the API server sends and takes it. */
export type KubernetesObject = PlainMap & { apiVersion: string; kind: string };

/** A step into an object: a field's name, or an index of a list. */
export type Step = string | number;

/** Whether the value is a map, and neither null nor a list. */
export function isMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at the path, or undefined when anything on the way is missing. */
export function valueAt(value: PlainValue | undefined, ...path: Step[]): PlainValue | undefined {
  return path.reduce<PlainValue | undefined>((part, step) => {
    if (typeof step === "number") return Array.isArray(part) ? part[step] : undefined;
    return isMap(part) ? part[step] : undefined;
  }, value);
}

/** The text at the path; empty when there is none. */
export function textAt(value: PlainValue | undefined, ...path: Step[]): string {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at the path; `otherwise`, 0 by default, when there is none. */
export function numberAt(value: PlainValue | undefined, path: readonly Step[], otherwise = 0): number {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : otherwise;
}

/** The list at the path; empty when there is none. */
export function listAt(value: PlainValue | undefined, ...path: Step[]): PlainValue[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The map at the path; empty when there is none. */
export function mapAt(value: PlainValue | undefined, ...path: Step[]): PlainMap {
  const found = valueAt(value, ...path);
  return isMap(found) ? found : {};
}

/** A copy of the map with the value put at the path of names; maps on the way are made. Undefined takes the field away. */
export function withValueAt(map: PlainMap, path: readonly string[], value: PlainValue | undefined): PlainMap {
  const [name, ...rest] = path;
  if (name === undefined) return map;
  if (rest.length > 0) {
    if (value === undefined && !isMap(map[name])) return map;
    return { ...map, [name]: withValueAt(mapAt(map, name), rest, value) };
  }
  const { [name]: _gone, ...others } = map;
  return value === undefined ? others : { ...others, [name]: value };
}

/** `metadata.name`; empty when there is none. */
export function nameOf(object: PlainMap): string {
  return textAt(object, "metadata", "name");
}

/** `metadata.namespace`; empty for objects of the cluster as a whole. */
export function namespaceOf(object: PlainMap): string {
  return textAt(object, "metadata", "namespace");
}

/** The id the vendor's plugin gives: `namespace/name`, or `name` for objects of the cluster as a whole. */
export function resourceId(object: PlainMap): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** The namespace and the name of an id. */
export function parseResourceId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0
    ? { namespace: "", name: id }
    : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** An object whose apiVersion and kind are there, from a map of which that is known. */
export function asObject(map: PlainMap): KubernetesObject {
  return { ...map, apiVersion: textAt(map, "apiVersion"), kind: textAt(map, "kind") };
}
