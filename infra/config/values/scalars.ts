import { z } from "zod";

/** The engine hands on what stands directly under a key as text. */
export const onOrOff = z.enum(["true", "false"]).transform((text) => text === "true");
const positive = z.number().positive();
export const sum = z.union([
  positive,
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(positive),
]);
