import { z } from "zod";
import { guided } from "../guidance.ts";

export const domain = guided(
  z
    .string()
    .max(253)
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
  {
    expects: "a fully qualified domain name in lower case",
    example: "staging.whisper.example.com",
  },
);

export const host = guided(z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/), {
  expects: "the name of a host in lower case",
  example: "smtp.example.com",
});

export const label = guided(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), {
  expects: "1 to 63 lower-case letters, digits and inner hyphens",
  example: "transcription",
});

export const bucketSuffix = guided(z.string().regex(/^[a-z0-9]{3,12}$/), {
  expects: "3 to 12 lower-case letters or digits that make the names of the buckets unique in the world",
  example: "k7f2q",
});
