import type { PlainValue } from "../../kit/values.ts";
import { isMap, listAt, mapAt, type PlainMap, textAt } from "../objects/object.ts";
import type { ObjectKind } from "../objects/type-token.ts";

/** A node of the API server's OpenAPI description, references followed. */
export interface SchemaNode {
  /** The name of the definition it comes from, `io.k8s.api.apps.v1.DeploymentSpec`; empty for nodes without a name. */
  readonly name: string;
  readonly body: PlainMap;
}

const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
const REFERENCE_PREFIX = "#/components/schemas/";

/** The description of one group and version: what an object of each of its kinds may hold. */
export class GroupSchema {
  readonly #definitions: PlainMap;
  readonly #names: ReadonlyMap<string, string>;

  /** `document` is what the API server serves under `/openapi/v3/...`. */
  constructor(document: PlainValue) {
    this.#definitions = mapAt(document, "components", "schemas");
    this.#names = new Map(
      Object.entries(this.#definitions).flatMap(([name, definition]) =>
        listAt(definition, "x-kubernetes-group-version-kind").map((kind) => [kindKey(kind), name] as const),
      ),
    );
  }

  /** The root of a kind; undefined when the description does not hold it. */
  root(kind: ObjectKind): SchemaNode | undefined {
    const name = this.#names.get(`${kind.group}/${kind.version}/${kind.kind}`);
    return name === undefined ? undefined : { name, body: mapAt(this.#definitions, name) };
  }

  /** The node with its reference followed; a single member of `allOf` is such a reference with a default beside it. */
  resolve(node: PlainValue | undefined): SchemaNode {
    const body = isMap(node) ? node : {};
    const reference = textAt(body, "$ref") || textAt(body, "allOf", 0, "$ref");
    if (!reference.startsWith(REFERENCE_PREFIX)) return { name: "", body };
    const name = reference.slice(REFERENCE_PREFIX.length);
    return { name, body: mapAt(this.#definitions, name) };
  }

  /** The node of a field of a map: its own property, else what the map says of all others; undefined: no such field. */
  field(node: SchemaNode, name: string): SchemaNode | undefined {
    const property = mapAt(node.body, "properties")[name];
    if (property !== undefined) return this.resolve(property);
    const others = node.body.additionalProperties;
    if (isMap(others)) return this.resolve(others);
    return isOpen(node) ? { name: "", body: {} } : undefined;
  }

  /** The node of the members of a list. */
  member(node: SchemaNode): SchemaNode {
    return this.resolve(node.body.items);
  }
}

/** Whether the node takes fields that it does not name: free-form objects, and those that keep unknown fields. */
export function isOpen(node: SchemaNode): boolean {
  return (
    node.body["x-kubernetes-preserve-unknown-fields"] === true ||
    node.body["x-kubernetes-embedded-resource"] === true ||
    (node.body.properties === undefined && node.body.additionalProperties !== false)
  );
}

/** Whether the node is an amount such as `500m` or `1Gi`. */
export function isQuantityNode(node: SchemaNode): boolean {
  return node.name === QUANTITY;
}

/** Whether the node takes a number or a string, as a port's name or number. */
export function isIntOrString(node: SchemaNode): boolean {
  return node.name === INT_OR_STRING || node.body["x-kubernetes-int-or-string"] === true;
}

/** Names of the fields a map of this node knows. */
export function fieldNames(node: SchemaNode): string[] {
  return Object.keys(mapAt(node.body, "properties"));
}

/** Names of the fields a map of this node must have. */
export function requiredFields(node: SchemaNode): string[] {
  return listAt(node.body, "required").filter((name): name is string => typeof name === "string");
}

function kindKey(kind: PlainValue): string {
  return `${textAt(kind, "group")}/${textAt(kind, "version")}/${textAt(kind, "kind")}`;
}
