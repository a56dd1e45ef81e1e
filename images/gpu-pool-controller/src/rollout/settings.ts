import { z } from "zod";
import { namesOneRoll, ofPoolRoles, oneRoll } from "../delivery/pool-access.ts";
import { readEnvironment } from "../environment.ts";

const seconds = z.coerce.number().int().positive();

/** The gate's environment. Secrets are files, whose folder is named here. */
const environment = z
  .object({
    ...ofPoolRoles,
    /** Members that must work before others go. Default: every droplet on the roll. */
    FLOOR: z.coerce.number().int().positive().optional(),
    /** Where a worker tells its metrics. */
    METRICS_PORT: z.coerce.number().int().min(1).max(65_535),
    /** How long new members may take until they work. */
    HEALTH_DEADLINE_SECONDS: seconds,
    /** How long a member must have worked without a break. */
    STEADY_SECONDS: seconds.default(30),
    /** How long a droplet that goes may be out of reach, or do nothing about it, before it goes as it is. */
    PATIENCE_SECONDS: seconds.default(120),
    ROUND_MILLISECONDS: z.coerce.number().int().positive().default(10_000),
  })
  .refine(namesOneRoll, oneRoll);

/** What the gate is told. */
export type RolloutSettings = z.infer<typeof environment>;

/** @throws Error with everything that is wrong with the environment */
export function readRolloutSettings(
  variables: Readonly<Record<string, string | undefined>>,
): RolloutSettings {
  return readEnvironment(environment, variables);
}
