import { readFileSync } from "node:fs";
import { specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { z } from "zod";
import type { JudgedResource } from "../../policies/judge.ts";
import { nameOf } from "../engine/plan.ts";
import { usageError } from "../exit.ts";
import { deploymentSchema, type StateResource } from "../repair/state.ts";

/** As `pulumi stack export` writes it, and as a backend in files keeps it. */
const stateFile = z
  .union([
    z.object({ deployment: z.looseObject({}) }).transform(({ deployment }) => deployment),
    z
      .object({ checkpoint: z.object({ latest: z.looseObject({}) }) })
      .transform(({ checkpoint: { latest } }) => latest),
  ])
  .pipe(deploymentSchema);

/**
 * Reads what a state says is deployed. Secrets stay closed: where one stands, rules see a text that is none.
 *
 * @throws PlatformError with exit status 2 when it is no state.
 */
export function readState(file: string): JudgedResource[] {
  const state = stateFile.safeParse(parsed(file));
  if (!state.success)
    throw usageError(
      `${file} is no state of Pulumi's. Write one with \`pulumi stack export --stack <environment> --file ${file}\`.`,
    );
  const resources = (state.data.resources ?? []).filter((resource) => resource.delete !== true);
  const byId = new Map(resources.flatMap(({ id, urn }) => (id !== undefined && isId(id) ? [[id, urn]] : [])));
  return resources.map((resource) => judged(resource, byId));
}

const judged = (
  { urn, type, inputs = {}, protect, parent, propertyDependencies }: StateResource,
  byId: ReadonlyMap<string, string>,
): JudgedResource => ({
  urn,
  type,
  name: nameOf(urn),
  props: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, closed(value)])),
  ...(protect !== undefined && { protect }),
  ...(parent !== undefined && { parent }),
  refersTo: linksOf(inputs, propertyDependencies ?? {}, byId),
});

/** What the cloud gives to one thing alone: a UUID, or the long number of a droplet. Names may be those of several. */
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^\d{6,}$/i.test(text);

/** References as the program made them, and where it was given an id instead, as after an import, whose id that is. */
function linksOf(
  inputs: Readonly<Record<string, unknown>>,
  recorded: NonNullable<StateResource["propertyDependencies"]>,
  byId: ReadonlyMap<string, string>,
): Record<string, readonly string[]> {
  const properties = new Set([...Object.keys(recorded), ...Object.keys(inputs)]);
  return Object.fromEntries(
    [...properties].flatMap((property) => {
      const urns = new Set([...(recorded[property] ?? []), ...namedBy(inputs[property], byId)]);
      return urns.size === 0 ? [] : [[property, [...urns]]];
    }),
  );
}

function namedBy(value: unknown, byId: ReadonlyMap<string, string>): string[] {
  if (typeof value === "object" && value !== null)
    return Object.values(value).flatMap((inner) => namedBy(inner, byId));
  const urn = typeof value === "string" || typeof value === "number" ? byId.get(String(value)) : undefined;
  return urn === undefined ? [] : [urn];
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
  if (specialSigKey in value) return "(secret)";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
}
