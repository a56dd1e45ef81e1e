import { z } from "zod";
import { guided, refuse } from "../guidance.ts";

/** Repository with a registry's host, then a version: a tag, a digest, or both. */
const imageReference =
  /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:(?<tag>[\w][\w.-]{0,127}))?(@(?<digest>sha256:[a-f0-9]{64}))?$/;

export const image = guided(
  z
    .string()
    .regex(imageReference, { abort: true })
    .superRefine((reference, context) => {
      const { tag, digest } = imageReference.exec(reference)?.groups ?? {};
      if (!digest && (!tag || tag === "latest")) {
        refuse(
          context,
          `is "${reference}", which names no fixed version`,
          `Add the tag or the digest of one build, for example ${reference.replace(/:latest$/, "")}:1.4.2.`,
        );
      }
    }),
  {
    expects: "an image with its registry and a fixed version",
    example: "registry.digitalocean.com/whisper-staging-registry/api:1.4.2",
  },
);
