import { readFileSync } from "node:fs";
import { z } from "zod";
import type { JudgedResource } from "../../policies/judge.ts";
import { nameOf } from "../engine/plan.ts";
import { usageError } from "../exit.ts";

const deployment = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        custom: z.boolean().optional(),
        inputs: z.record(z.string(), z.unknown()).default({}),
        protect: z.boolean().default(false),
        parent: z.string().optional(),
        propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
        delete: z.boolean().default(false),
      }),
    )
    .default([]),
});

/** As `pulumi stack export` writes it, and as a backend in files keeps it. */
const stateFile = z.union([
  z.object({ deployment }).transform(({ deployment: { resources } }) => resources),
  z
    .object({ checkpoint: z.object({ latest: deployment }) })
    .transform(({ checkpoint: { latest } }) => latest.resources),
]);

/** Key that marks what the engine has encrypted, in whose place the text stands by which its kind is told. */
const secretMark = "4dabf18193072939515e22adb298388d";

/**
 * Reads what a state says is deployed. Secrets stay closed: where one stands, rules see a text that is none.
 *
 * @throws PlatformError with exit status 2 when it is no state.
 */
export function readState(file: string): JudgedResource[] {
  const resources = stateFile.safeParse(parsed(file));
  if (!resources.success)
    throw usageError(
      `${file} is no state of Pulumi's. Write one with \`pulumi stack export --stack <environment> --file ${file}\`.`,
    );
  return resources.data
    .filter((resource) => !resource.delete)
    .map(({ urn, type, inputs, protect, parent, propertyDependencies }) => ({
      urn,
      type,
      name: nameOf(urn),
      props: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, closed(value)])),
      protect,
      ...(parent !== undefined && { parent }),
      refersTo: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, urns ?? []]),
      ),
    }));
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value) return "(secret)";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
}
