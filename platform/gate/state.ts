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
  return (state.data.resources ?? []).filter((resource) => resource.delete !== true).map(judged);
}

const judged = ({
  urn,
  type,
  inputs,
  protect,
  parent,
  propertyDependencies,
}: StateResource): JudgedResource => ({
  urn,
  type,
  name: nameOf(urn),
  props: Object.fromEntries(Object.entries(inputs ?? {}).map(([key, value]) => [key, closed(value)])),
  ...(protect !== undefined && { protect }),
  ...(parent !== undefined && { parent }),
  refersTo: Object.fromEntries(
    Object.entries(propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
  ),
});

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
