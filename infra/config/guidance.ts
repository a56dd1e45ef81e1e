import { z } from "zod";

/** What a value of the configuration ought to be: every fault found there is explained with it. */
interface Guidance {
  /** What is expected, as a noun phrase: `a domain name in lower case`. */
  readonly expects: string;
  /** A value that would be accepted. */
  readonly example: string;
}

const guidanceOf = z.registry<Guidance>();

/** A schema together with what a person must know to satisfy it. */
export function guided<Schema extends z.ZodType>(schema: Schema, guidance: Guidance): Schema {
  guidanceOf.add(schema, guidance);
  return schema;
}

/** The guidance nearest to a path inside a schema: that of the value itself, or of the closest value around it. */
export function guidanceAt(root: z.ZodType, path: readonly PropertyKey[]): Guidance | undefined {
  let schema: z.ZodType | undefined = root;
  let nearest = guidanceOf.get(root);
  for (const key of path) {
    schema = schema && childOf(schema, key);
    if (!schema) {
      break;
    }
    nearest = guidanceOf.get(schema) ?? guidanceOf.get(withoutWrappers(schema)) ?? nearest;
  }
  return nearest;
}

/** The names a schema knows at a path, for "did you mean"; empty when it is not an object with known keys. */
export function knownKeysAt(root: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schema: z.ZodType | undefined = root;
  for (const key of path) {
    schema = schema && childOf(schema, key);
  }
  const inner = schema && withoutWrappers(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function childOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const inner = withoutWrappers(schema);
  if (inner instanceof z.ZodObject) {
    return inner.shape[String(key)];
  }
  if (inner instanceof z.ZodArray) {
    return inner.element as z.ZodType;
  }
  return inner instanceof z.ZodRecord ? (inner.valueType as z.ZodType) : undefined;
}

function withoutWrappers(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/** How a schema reports a fault whose remedy is more than "write what is expected". */
export function refuse(context: z.RefinementCtx, problem: string, remedy: string): void {
  context.addIssue({ code: "custom", message: problem, params: { remedy } });
}
