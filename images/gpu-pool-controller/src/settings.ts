import { z } from "zod";
import { ofEveryRole, readEnvironment } from "./environment.ts";

const positive = z.coerce.number().positive();
const wholePositive = z.coerce.number().int().positive();

/** The controller's environment. Secrets are files, whose folder is named here. */
const environment = z
  .object({
    ...ofEveryRole,
    POOL_ID: z.string().min(1),
    QUEUE_NAME: z.string().min(1),
    FLOOR: wholePositive,
    CEILING: wholePositive,
    COOLDOWN_SECONDS: z.coerce.number().int().nonnegative(),
    JOBS_PER_MEMBER_HOUR: positive,
    JOBS_AT_ONCE: wholePositive.default(1),
    TARGET_WAIT_SECONDS: positive,
    BUDGET_USD_PER_DAY: positive,
    MEMBER_USD_PER_HOUR: positive,
    POLL_MILLISECONDS: wholePositive.default(2000),
    /** Holds `digitalocean-token`, `broker-url`, and if the broker's certificate needs one its authority, `broker-ca.crt`. */
    SECRETS_FOLDER: z.string().default("/run/secrets/gpu-pool-controller"),
  })
  .refine(({ FLOOR, CEILING }) => FLOOR <= CEILING, {
    path: ["CEILING"],
    message: "must not be below FLOOR",
  });

/** What the controller is told. */
export type Settings = z.infer<typeof environment>;

/** @throws Error with everything that is wrong with the environment */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  return readEnvironment(environment, variables);
}
