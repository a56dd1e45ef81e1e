import { z } from "zod";

const dropletIds = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .transform((text) => text.split(",").map(Number));

/** The deliverer's environment. Secrets are files, whose folder is named here. */
const environment = z
  .object({
    /** Droplets of a fixed pool. */
    DROPLET_IDS: dropletIds.optional(),
    /** The autoscale pool of an elastic one. */
    POOL_ID: z.string().min(1).optional(),
    VPC_ID: z.string().min(1),
    /** Account of the droplets that takes deliveries. */
    ACCOUNT: z.string().min(1),
    ROUND_MILLISECONDS: z.coerce.number().int().positive().default(15_000),
    PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    DIGITALOCEAN_API_URL: z.url().default("https://api.digitalocean.com"),
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
  const read = environment.safeParse(variables);
  if (read.success) return read.data;
  throw new Error(`the environment is not as it must be:\n${z.prettifyError(read.error)}`);
}
