import { z } from "zod";
import { guided, refuse } from "../guidance.ts";

/** Sentry's form, which others took over: a public key, a host, and the number of a project. */
export const dsn = /^https:\/\/(?<key>[^\s:@/]+)(?<secret>:[^\s@/]*)?@[^\s@/?#]+(\/[^\s/?#]+)*\/\d+$/;

export const publicDsn = guided(
  z
    .string()
    .regex(dsn, { abort: true })
    .superRefine((text, context) => {
      if (dsn.exec(text)?.groups?.secret === undefined) return;
      refuse(
        context,
        "has a secret behind its key, and every browser would be told it (its value is not shown)",
        "Write the project's DSN as it is now, without a secret: https://<key>@<host>/<project>.",
      );
    }),
  {
    expects: "the public DSN of a project in the error tracker",
    example: "https://key@errors.example.com/2",
  },
);
