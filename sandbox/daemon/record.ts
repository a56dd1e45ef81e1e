import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { SandboxError } from "../error.ts";
import { makePrivate, replaceFile } from "../home.ts";
import { isAlive } from "./process.ts";

/** The servers of a sandbox: what clients connect to, one loopback port each. */
export const services = [
  "api",
  "spaces",
  "registry",
  "digitalocean",
  "kubernetes",
  "random",
  "tls",
  "docker-build",
  "admin",
] as const;

/**
 * `api`, `spaces` and `registry` speak HTTP; `digitalocean`, `kubernetes`, `random`, `tls` and `docker-build` are provider
 * plugins; `admin` is ours.
 */
export type Service = (typeof services)[number];

/** What each service is, for people. */
export const serviceTitles: Record<Service, string> = {
  api: "the DigitalOcean API",
  spaces: "Spaces (S3)",
  registry: "the container registry",
  digitalocean: "the digitalocean provider",
  kubernetes: "the kubernetes provider",
  random: "the random provider",
  tls: "the tls provider",
  "docker-build": "the docker-build provider",
  admin: "the sandbox's own controls",
};

const port = z.number().int().min(1).max(65_535);

const recordSchema = z.strictObject({
  schema: z.literal(1),
  /** Kept from the first start on: kubeconfigs and shells remember them. */
  ports: z.record(z.enum(services), port),
  /** Bearer token of the emulated API: any client may be given it, it opens nothing else. */
  apiToken: z.string(),
  /** Bearer token of the sandbox's own controls. */
  adminToken: z.string(),
  spacesAccessKeyId: z.string(),
  spacesSecretAccessKey: z.string(),
  /** How long a new thing takes until it is ready, in milliseconds. */
  latencyMs: z.number().int().min(0),
  /** The process that serves all this; nothing after a graceful stop. */
  daemon: z.strictObject({ pid: z.number(), startTime: z.string(), startedAt: z.string() }).optional(),
});

/** What the sandbox remembers from one start to the next, and what a client must know to reach it. */
export type SandboxRecord = z.infer<typeof recordSchema>;

/** Keys and tokens of a new sandbox, with the looks of the real ones. */
export function newCredentials(): Pick<
  SandboxRecord,
  "apiToken" | "adminToken" | "spacesAccessKeyId" | "spacesSecretAccessKey"
> {
  return {
    apiToken: `dop_v1_${randomBytes(32).toString("hex")}`,
    adminToken: randomBytes(32).toString("hex"),
    spacesAccessKeyId: `DO${randomBytes(9).toString("hex").toUpperCase()}`,
    spacesSecretAccessKey: randomBytes(32).toString("base64url"),
  };
}

/**
 * The record of a home; nothing before the first start.
 *
 * @throws SandboxError when the file is there and cannot be understood.
 */
export function readRecord(file: string): SandboxRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = recordSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new SandboxError(
    `${file} is not the record of a sandbox of this version.\n` +
      'Start afresh, with an empty cloud, with "platform sandbox reset".',
  );
}

/** Writes the record so that no reader ever sees half of it, and only its owner may read it. */
export function writeRecord(file: string, record: SandboxRecord): void {
  makePrivate(dirname(file));
  replaceFile(file, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The record, if the daemon that it names still runs. A killed daemon leaves a record that counts for nothing. */
export function runningRecord(file: string): RunningRecord | undefined {
  const record = readRecord(file);
  if (record?.daemon === undefined || !isAlive(record.daemon)) return undefined;
  return { ...record, daemon: record.daemon };
}

/** The record of a daemon that runs. */
export type RunningRecord = SandboxRecord & { daemon: NonNullable<SandboxRecord["daemon"]> };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
