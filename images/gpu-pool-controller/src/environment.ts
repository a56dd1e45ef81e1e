import { z } from "zod";

/** What every role of the image is told. */
export const ofEveryRole = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  DIGITALOCEAN_API_URL: z.url().default("https://api.digitalocean.com"),
};

/** @throws Error with everything that is wrong with the environment */
export function readEnvironment<T>(
  schema: z.ZodType<T>,
  variables: Readonly<Record<string, string | undefined>>,
): T {
  const read = schema.safeParse(variables);
  if (read.success) return read.data;
  throw new Error(`the environment is not as it must be:\n${z.prettifyError(read.error)}`);
}
