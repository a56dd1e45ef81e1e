import { z } from "zod";
import { closest } from "../closest.ts";
import { unprocessable } from "./errors.ts";

/**
 * Parses a request's body or query.
 * @throws ApiError 422 naming every fault, each with its path, what is wrong and, for a misspelt field, the one meant.
 */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unprocessable(...parsed.error.issues.flatMap((issue) => describe(issue, schema)));
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = knownFields(schema, issue.path);
    return issue.keys.map((key) => {
      const meant = closest(key, known);
      return `${[path, key].filter(Boolean).join(".")}: unknown field${meant === undefined ? "" : `, did you mean ${meant}?`}`;
    });
  }
  if (issue.code === "invalid_union") {
    const [branch] = [...issue.errors].sort((a, b) => a.length - b.length);
    const nested = (branch ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    if (nested.length > 0) return nested.flatMap((inner) => describe(inner, schema));
  }
  const message = issue.message.replace(/^Invalid input: /, "");
  return [path === "" ? message : `${path}: ${message}`];
}

/** The fields of the object schema at `path`; none when that place is not an object. */
function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let place: unknown = schema;
  for (const step of path) place = typeof step === "number" ? elementOf(place) : shapeOf(place)[String(step)];
  return Object.keys(shapeOf(place));
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault) {
    inner = inner.unwrap();
  }
  return inner;
}

function elementOf(schema: unknown): unknown {
  const inner = unwrap(schema);
  return inner instanceof z.ZodArray ? inner.element : undefined;
}

function shapeOf(schema: unknown): Record<string, unknown> {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? inner.shape : {};
}
