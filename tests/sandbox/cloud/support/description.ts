import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { parse } from "yaml";

/** A schema of OpenAPI 3.0, as far as the tests look into one. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** An answer that is described. */
export interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** A parameter of an operation, or where it is described. */
export interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly schema?: Schema;
}

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses: Readonly<Record<string, Response>>;
}

/** DigitalOcean's description of its API, as far as the tests read it. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** Where the reference data is, when the environment names it. */
export const referenceData: string | undefined = process.env.REFERENCE_DATA;

let description: Description | undefined;

/** The description, or undefined where the reference data is absent. */
export function apiDescription(): Description | undefined {
  if (referenceData !== undefined) description ??= read(join(referenceData, "digitalocean-openapi.yaml"));
  return description;
}

/** Reading three megabytes of YAML takes a second, of JSON a moment: the first test file of a run leaves it to the rest. */
function read(file: string): Description {
  const kept = join(inject("runFolder"), "digitalocean-openapi.json");
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  const parsed: Description = parse(readFileSync(file, "utf8"), { maxAliasCount: -1 });
  const unfinished = `${kept}.${randomUUID()}`;
  writeFileSync(unfinished, JSON.stringify(parsed));
  renameSync(unfinished, kept);
  return parsed;
}
