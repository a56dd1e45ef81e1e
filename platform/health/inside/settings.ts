import { readFile } from "node:fs/promises";
import { z } from "zod";

const server = {
  name: z.string(),
  host: z.string(),
  port: z.number().int(),
  user: z.string(),
  password: z.string(),
};

const settingsSchema = z.strictObject({
  environment: z.string(),
  /** Public addresses by name. */
  urls: z.record(z.string(), z.url()),
  postgres: z.array(
    z.strictObject({ ...server, database: z.string(), searchPath: z.string(), authority: z.string() }),
  ),
  valkey: z.array(z.strictObject({ ...server, queues: z.array(z.string()) })),
  /** Buckets that bytes are written to and read back from. */
  buckets: z.array(
    z.strictObject({
      name: z.string(),
      region: z.string(),
      endpoint: z.url(),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
    }),
  ),
  prometheus: z.array(z.strictObject({ name: z.string(), address: z.url() })),
});

/** Whom the health monitor asks, and as whom: what `components/health-monitor/` writes down. */
export type MonitorSettings = z.infer<typeof settingsSchema>;

/** Where the settings are, unless `SETTINGS_FILE` says another place. */
export const settingsFile = "/run/secrets/health-monitor/settings.json";

/** @throws Error that says what is wrong with them, and shows none of the values */
export async function readSettings(file: string): Promise<MonitorSettings> {
  const read = settingsSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (read.success) return read.data;
  throw new Error(`${file} is not as it must be:\n${z.prettifyError(read.error)}`);
}
