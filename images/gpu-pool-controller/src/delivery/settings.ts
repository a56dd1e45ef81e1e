import { z } from "zod";
import { ofEveryRole, readEnvironment } from "../environment.ts";

const dropletIds = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .transform((text) => text.split(",").map(Number));

/** The deliverer's environment. Secrets are files, whose folder is named here. */
const environment = z
  .object({
    ...ofEveryRole,
    /** Droplets of a fixed pool. */
    DROPLET_IDS: dropletIds.optional(),
    /** The autoscale pool of an elastic one. */
    POOL_ID: z.string().min(1).optional(),
    VPC_ID: z.string().min(1),
    /** Account of the droplets that takes deliveries. */
    ACCOUNT: z.string().min(1),
    ROUND_MILLISECONDS: z.coerce.number().int().positive().default(15_000),
    /** Holds `digitalocean-token`, `ssh-key`, `mark` and `bundle.json`. */
    SECRETS_FOLDER: z.string().default("/run/secrets/gpu-secrets-delivery"),
    /** Where host keys are kept while it runs. */
    HOST_KEY_FOLDER: z.string().default("/tmp/host-keys"),
  })
  .refine(({ DROPLET_IDS, POOL_ID }) => (DROPLET_IDS === undefined) !== (POOL_ID === undefined), {
    path: ["POOL_ID"],
    message: "either this or DROPLET_IDS must be given",
  });

/** What the deliverer is told. */
export type DeliverySettings = z.infer<typeof environment>;

/** @throws Error with everything that is wrong with the environment */
export function readDeliverySettings(
  variables: Readonly<Record<string, string | undefined>>,
): DeliverySettings {
  return readEnvironment(environment, variables);
}
