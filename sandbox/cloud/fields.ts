import { z } from "zod";

/** A list that may be left out or null, as Go clients send an empty one. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);

/** A text that may be left out, null or empty, all of which say nothing. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === "" ? undefined : text));

/** A value that may be left out or null. */
export const optional = <S extends z.ZodType>(value: S) =>
  value.nullish().transform((given) => given ?? undefined);

export const tagName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9_\-:]+$/, "a tag may hold letters, digits, colons, dashes and underscores only");

/** Tags to put on something; those that do not exist yet are made. */
export const tagList = listOf(tagName).transform((tags) => [...new Set(tags)]);

/** A number in the path or in a list of ids, as some clients write it: `12` or `"12"`. */
export const numericId = z.coerce.number().int().positive();

export const portNumber = z.number().int().min(1).max(65_535);
