import { basename, dirname, extname, resolve } from "node:path";
import { z } from "zod";

/** The parts of a description that are referred to by name. What else another file holds is put in its place. */
const kinds = ["schemas", "parameters", "responses", "headers"] as const;

type Kind = (typeof kinds)[number];

/** What a value is by where it stands: one of a kind, names that each stand for one of a kind, or anything else. */
type Place = Kind | `map of ${Kind}` | "else";

const inSchema: Readonly<Record<string, Place>> = {
  properties: "map of schemas",
  items: "schemas",
  additionalProperties: "schemas",
  not: "schemas",
  allOf: "schemas",
  anyOf: "schemas",
  oneOf: "schemas",
};

const elsewhere: Readonly<Record<string, Place>> = {
  schema: "schemas",
  parameters: "parameters",
  responses: "map of responses",
  headers: "map of headers",
};

const fileSchema = z.record(z.string(), z.unknown());

type Members = z.infer<typeof fileSchema>;

/**
 * Makes one description of one that is spread over files, as OpenAPI's own tools do: what a reference to another file
 * means gets a name among the components. Discriminators are left out: they name files, and say for generators of code
 * what `oneOf` and `anyOf` say already.
 *
 * @param entry The file that holds the paths.
 * @param read Reads and parses a file.
 */
export function bundle(entry: string, read: (file: string) => unknown): Members {
  const bundler = new Bundler(read);
  return bundler.bundle(resolve(entry));
}

class Bundler {
  readonly #read: (file: string) => unknown;
  readonly #files = new Map<string, unknown>();
  readonly #names = new Map<string, string>();
  readonly #components: Record<Kind, Members> = { schemas: {}, parameters: {}, responses: {}, headers: {} };

  constructor(read: (file: string) => unknown) {
    this.#read = read;
  }

  bundle(entry: string): Members {
    const { components, ...rest } = fileSchema.parse(this.#file(entry));
    const own = fileSchema.parse(components ?? {});
    const described = this.#members(rest, entry, "else");
    return { ...described, components: { ...this.#members(own, entry, "else"), ...this.#components } };
  }

  #value(value: unknown, file: string, place: Place): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#value(item, file, place));
    if (typeof value !== "object" || value === null) return value;
    const reference: unknown = Reflect.get(value, "$ref");
    if (typeof reference === "string") return this.#reference(reference, file, place);
    return this.#members(value, file, place);
  }

  #members(value: object, file: string, place: Place): Members {
    const known = place === "schemas" ? inSchema : elsewhere;
    const inMap = kinds.find((kind) => place === `map of ${kind}`);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => place !== "schemas" || key !== "discriminator")
        .map(([key, member]) => {
          const below = Object.hasOwn(known, key) ? known[key] : undefined;
          return [key, this.#value(member, file, inMap ?? below ?? "else")];
        }),
    );
  }

  #reference(reference: string, from: string, place: Place): unknown {
    const { value, file, pointer } = this.#target(reference, from);
    const kind = kinds.find((one) => one === place);
    if (kind === undefined) return this.#value(value, file, place);
    const id = `${kind} ${file}#${pointer}`;
    let name = this.#names.get(id);
    if (name === undefined) {
      name = this.#freeName(kind, pointer.split("/").at(-1) || basename(file, extname(file)));
      this.#names.set(id, name);
      // Its name is taken before it is looked into: it may refer to itself.
      this.#components[kind][name] = undefined;
      this.#components[kind][name] = this.#value(value, file, kind);
    }
    return { $ref: `#/components/${kind}/${name}` };
  }

  /** What a reference means in the end, where that is again a reference. */
  #target(reference: string, from: string): { value: unknown; file: string; pointer: string } {
    const [path = "", pointer = ""] = reference.split("#");
    const file = path === "" ? from : resolve(dirname(from), path);
    const value = pointer
      .split("/")
      .filter((step) => step !== "")
      .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((part, step) => fileSchema.parse(part)[step], this.#file(file));
    if (value === undefined) throw new Error(`${from}: ${reference} is not there`);
    const next = typeof value === "object" && value !== null ? Reflect.get(value, "$ref") : undefined;
    return typeof next === "string" ? this.#target(next, file) : { value, file, pointer };
  }

  #freeName(kind: Kind, wanted: string): string {
    const taken = this.#components[kind];
    for (let count = 2, name = wanted; ; count += 1) {
      if (!Object.hasOwn(taken, name)) return name;
      name = `${wanted}-${count}`;
    }
  }

  #file(file: string): unknown {
    if (!this.#files.has(file)) this.#files.set(file, this.#read(file));
    return this.#files.get(file);
  }
}
