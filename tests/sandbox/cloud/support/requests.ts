import fc from "fast-check";
import type { Endpoint } from "../../../../sandbox/cloud/endpoint.ts";
import type { Description, Operation, Parameter, Schema } from "./description.ts";
import { Existing } from "./existing.ts";
import { oneOfEach } from "./furnished.ts";

/** A request to one operation, good or bad. What it names of what exists is still to be looked up. */
export interface RandomRequest {
  /** Which of the things that exist stand in the path; undefined for things that do not. */
  readonly nth: number | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Where the things are that requests name by these fields. */
const lists: Readonly<Record<string, string>> = {
  certificate_id: "/v2/certificates",
  cluster_uuids: "/v2/kubernetes/clusters",
  droplet_id: "/v2/droplets",
  droplet_ids: "/v2/droplets",
  entities: "/v2/droplets",
  kubernetes_ids: "/v2/kubernetes/clusters",
  load_balancer_uids: "/v2/load_balancers",
  private_network_uuid: "/v2/vpcs",
  project_id: "/v2/projects",
  resource_id: "/v2/droplets",
  ssh_keys: "/v2/account/keys",
  volumes: "/v2/volumes",
  vpc_id: "/v2/vpcs",
  vpc_ids: "/v2/vpcs",
  vpc_uuid: "/v2/vpcs",
};

/** Values of fields whose description says only that they are texts. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  bucket: ["media", ""],
  image: ["debian-12-x64", "gpu-h100x1-base"],
  name: ["web", "app", "a-longer-name", "copy", "example.com"],
  region: ["fra1", "nyc3", "ams2"],
  size: ["s-1vcpu-1gb", "s-4vcpu-8gb", "db-s-2vcpu-4gb"],
  tags: ["web", "env:test"],
  // A check of type ping has a host here, which the description would have as a URL.
  target: ["https://api.example.com/health"],
  version: ["18", "8", "1.36.3-do.0"],
};

/** What is sent in place of what is asked for. */
const junk = fc.constantFrom<unknown>(
  undefined,
  null,
  "",
  " ",
  "x",
  "x".repeat(300),
  "ä/%00?",
  0,
  -1,
  1.5,
  1e12,
  true,
  [],
  [null],
  {},
  { unknown: 1 },
);

const pages = fc.record(
  {
    page: fc.constantFrom<unknown>(1, 2, 1e6, 0, -1, "x", ""),
    per_page: fc.constantFrom<unknown>(1, 3, 200, 0, 201, "x", "2.5"),
  },
  { requiredKeys: [] },
);

/** Makes up requests from what DigitalOcean's description says of them. */
export class RequestGenerator {
  readonly #description: Description;

  constructor(description: Description) {
    this.#description = description;
  }

  /** Requests to an operation: as described, and with something spoilt. */
  requestsTo(endpoint: Endpoint, operation: Operation): fc.Arbitrary<RandomRequest> {
    return fc.record({
      nth: fc.option(fc.nat(3), { freq: 6, nil: undefined }),
      query: this.#query(operation),
      body: this.#body(endpoint, operation),
    });
  }

  #query(operation: Operation): fc.Arbitrary<Readonly<Record<string, unknown>>> {
    const parameters = (operation.parameters ?? [])
      .map((parameter) => this.#parameter(parameter))
      .filter(({ name, in: place }) => place === "query" && name !== "page" && name !== "per_page");
    const described = Object.fromEntries(
      parameters.map(({ name = "", schema = {} }) => [
        name,
        fc.oneof({ arbitrary: this.#scalar(schema, name), weight: 3 }, junk),
      ]),
    );
    return fc
      .tuple(fc.record(described, { requiredKeys: [] }), pages)
      .map(([own, page]) => ({ ...own, ...page }));
  }

  #body(endpoint: Endpoint, operation: Operation): fc.Arbitrary<unknown> {
    const schema = operation.requestBody?.content?.["application/json"]?.schema;
    if (schema === undefined) return fc.constantFrom(undefined, undefined, {}, { unknown: 1 });
    const known = oneOfEach.filter(
      ({ path }) => endpoint.method !== "DELETE" && endpoint.path.startsWith(path),
    );
    const good = fc.oneof(this.#value(schema), ...known.map(({ body }) => fc.constant<unknown>(body)));
    return fc.oneof({ arbitrary: good, weight: 6 }, { arbitrary: spoilt(good), weight: 3 }, junk);
  }

  #parameter(parameter: Parameter): Parameter {
    const name = parameter.$ref?.split("/").at(-1);
    return name === undefined ? parameter : (this.#description.components.parameters[name] ?? {});
  }

  #value(schema: Schema, name = ""): fc.Arbitrary<unknown> {
    const { $ref, allOf, oneOf, anyOf, properties, items } = schema;
    if ($ref !== undefined) return this.#value(this.#referenced($ref), name);
    const choices = oneOf ?? anyOf;
    if (choices !== undefined) return fc.oneof(...choices.map((choice) => this.#value(choice, name)));
    if (allOf !== undefined) {
      return fc.tuple(...allOf.map((part) => this.#value(part, name))).map((parts) => {
        const objects = parts.filter((part) => typeof part === "object" && !Array.isArray(part));
        return objects.length === parts.length ? Object.assign({}, ...parts) : parts.at(-1);
      });
    }
    if (items !== undefined) return fc.array(this.#value(items, name), { maxLength: 2 });
    if (properties !== undefined) {
      const fields: Record<string, fc.Arbitrary<unknown>> = {};
      for (const [key, value] of Object.entries(properties)) fields[key] = this.#value(value, key);
      const requiredKeys = (schema.required ?? []).filter((key) => key in properties);
      return fc.record(fields, { requiredKeys });
    }
    return this.#scalar(schema, name);
  }

  #referenced(reference: string): Schema {
    const [kind, name] = reference.split("/").slice(-2);
    return (kind === "schemas" ? this.#description.components.schemas[name ?? ""] : undefined) ?? {};
  }

  #scalar(schema: Schema, name: string): fc.Arbitrary<unknown> {
    const list = lists[name];
    if (list !== undefined) return fc.nat(2).map((nth) => new Existing(list, nth));
    const known = schema.enum ?? values[name];
    if (known !== undefined) return fc.constantFrom(...known);
    const { example, default: fallback, minimum = 0, maximum = 100 } = schema;
    const offered = [example, fallback]
      .filter((value) => value !== undefined)
      .map((value) => fc.constant(value));
    if (schema.type === "boolean") return fc.boolean();
    if (schema.type === "integer" || schema.type === "number") {
      return fc.oneof(
        ...offered,
        fc.integer({
          min: Math.ceil(Math.min(minimum, maximum)),
          max: Math.ceil(Math.max(minimum, maximum)),
        }),
      );
    }
    if (schema.type === "object")
      return fc.dictionary(fc.constantFrom("a", "role"), fc.constantFrom("x", "y"));
    return fc.oneof(...offered, fc.constantFrom("web", "a"));
  }
}

/** The value with one of its parts, at whatever depth, replaced by something that does not belong there. */
function spoilt(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(good, fc.nat(1000), junk).map(([value, place, other]) => {
    const parts = partsOf(value);
    return parts.length === 0 ? other : replaced(value, parts[place % parts.length] ?? [], other);
  });
}

type Path = readonly (string | number)[];

function partsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null || value instanceof Existing) return [];
  return Object.entries(value).flatMap(([key, held]) => [
    [key],
    ...partsOf(held).map((path) => [key, ...path]),
  ]);
}

function replaced(value: unknown, [step, ...rest]: Path, other: unknown): unknown {
  if (step === undefined) return other;
  const inner = (held: unknown) => replaced(held, rest, other);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === step ? inner(item) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, held]) => [key, key === step ? inner(held) : held]),
  );
}
