import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A property of the vendor's schema. */
export interface SchemaProperty {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: SchemaProperty;
  readonly additionalProperties?: SchemaProperty;
  readonly oneOf?: readonly SchemaProperty[];
  readonly willReplaceOnChanges?: boolean;
  readonly secret?: boolean;
}

interface SchemaObject {
  readonly properties?: Readonly<Record<string, SchemaProperty>>;
  readonly required?: readonly string[];
}

/** A resource type or a function. */
interface SchemaResource {
  readonly inputs?: Readonly<Record<string, SchemaProperty>>;
  readonly outputs?: Readonly<Record<string, SchemaProperty>>;
  /** What a resource requires. */
  readonly requiredInputs?: readonly string[];
  /** What a function requires. */
  readonly required?: readonly string[];
}

/** What the vendor's plugin takes and gives. */
export interface VendorSchema {
  /** The resource type or the function of this token. */
  find(token: string): SchemaResource | undefined;
  /** The type behind a reference. */
  typeOf(reference: string): SchemaObject | undefined;
}

/** The schema from the folder that REFERENCE_DATA names; undefined, and told, when there is none. */
export function openSchema(): VendorSchema | undefined {
  const folder = process.env.REFERENCE_DATA;
  const file = folder === undefined ? undefined : join(folder, "pulumi-digitalocean-schema.json");
  if (file === undefined || !existsSync(file)) {
    process.stderr.write(
      "SKIPPED: the digitalocean stand-in is not compared with the vendor's schema. Set REFERENCE_DATA to the folder " +
        "of pulumi-digitalocean-schema.json.\n",
    );
    return undefined;
  }
  const schema = JSON.parse(readFileSync(file, "utf8")) as {
    resources: Record<string, SchemaResource>;
    functions: Record<string, SchemaResource>;
    types: Record<string, SchemaObject>;
  };
  return {
    find: (token) => schema.resources[token] ?? schema.functions[token],
    typeOf: (reference) => schema.types[decodeURIComponent(reference.replace("#/types/", ""))],
  };
}
