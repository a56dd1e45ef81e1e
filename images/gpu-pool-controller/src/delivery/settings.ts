import { z } from "zod";
import { readEnvironment } from "../environment.ts";
import { namesOneRoll, ofPoolRoles, oneRoll } from "./pool-access.ts";

/** The deliverer's environment. Secrets are files, whose folder is named here; `bundle.json` is one more of them. */
const environment = z
  .object({
    ...ofPoolRoles,
    ROUND_MILLISECONDS: z.coerce.number().int().positive().default(15_000),
  })
  .refine(namesOneRoll, oneRoll);

/** What the deliverer is told. */
export type DeliverySettings = z.infer<typeof environment>;

/** @throws Error with everything that is wrong with the environment */
export function readDeliverySettings(
  variables: Readonly<Record<string, string | undefined>>,
): DeliverySettings {
  return readEnvironment(environment, variables);
}
