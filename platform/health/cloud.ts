import { z } from "zod";
import { type Check, NotAsked, reasonOf } from "./check.ts";

/** Where the cloud is, and as whom to ask it. */
export interface CloudAccess {
  /** Origin of DigitalOcean's API. */
  readonly apiUrl: string;
  readonly token: string;
  /** Origin of Spaces in a region. */
  readonly spacesUrl: (region: string) => string;
  readonly spacesAccessKeyId: string;
  readonly spacesSecretAccessKey: string;
}

/** DigitalOcean's API does not say what we need to know: of what it would have told us of, nothing follows. */
class CloudSilence extends NotAsked {
  override readonly name = "CloudSilence";
}

/** Reads a path of DigitalOcean's API, once: what fails by chance is found well the next time. */
export async function readCloud<T>(
  { apiUrl, token }: Pick<CloudAccess, "apiUrl" | "token">,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const answer = await fetch(new URL(path, apiUrl), {
    headers: { authorization: `Bearer ${token}` },
    signal,
  }).catch((error: unknown) => {
    throw new CloudSilence(`DigitalOcean's API does not answer GET ${path}: ${reasonOf(error)}`);
  });
  if (!answer.ok) {
    throw new CloudSilence(`DigitalOcean's API answers GET ${path} with status ${answer.status}`);
  }
  return schema.parse(await answer.json());
}

const server = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  password: z.string(),
  ssl: z.boolean(),
});

const databaseSchema = z.object({
  database: z.object({
    status: z.string(),
    connection: server,
    private_connection: server.nullish(),
  }),
});
const rulesSchema = z.object({ rules: z.array(z.object({ type: z.string() })).nullish() });
const authoritySchema = z.object({ ca: z.object({ certificate: z.string() }) });

/** A server of a database cluster, and how to sign in there. Its password is never shown. */
export type DatabaseServer = z.infer<typeof server>;

/** A database cluster, and how it is asked. */
export interface Database {
  /** What DigitalOcean calls its state: `online` where nothing is under way. Absent where DigitalOcean is not asked. */
  readonly status?: string;
  /** Where it may answer: within the VPC, then outside of it. */
  readonly servers: readonly DatabaseServer[];
  /** PEM of who signed the servers' certificates. Absent: somebody whom this machine knows. */
  readonly authority?: string;
  /** What kinds of callers it lets in; none: everybody. */
  readonly trusted: readonly string[];
  /** Database of a PostgreSQL that is connected to. Absent: the one that every cluster has. */
  readonly database?: string;
  /** Schemas in which a PostgreSQL looks for what is named. Absent: its own order. */
  readonly searchPath?: string;
}

/** Reads where a database cluster answers. */
export async function readDatabase(
  access: CloudAccess,
  id: string,
  signal: AbortSignal,
): Promise<Database & { readonly authority: string }> {
  const path = `/v2/databases/${id}`;
  const [{ database }, { rules }, { ca }] = await Promise.all([
    readCloud(access, path, databaseSchema, signal),
    readCloud(access, `${path}/firewall`, rulesSchema, signal),
    readCloud(access, `${path}/ca`, authoritySchema, signal),
  ]);
  const { status, connection, private_connection: inside } = database;
  return {
    status,
    servers: inside ? [inside, connection] : [connection],
    authority: Buffer.from(ca.certificate, "base64").toString("utf8"),
    trusted: [...new Set((rules ?? []).map(({ type }) => type))],
  };
}

/** Whether DigitalOcean lets us ask: without it, where the rest answers is not known. */
export const cloudCheck = (access: CloudAccess): Check => ({
  subject: "cloud",
  name: "DigitalOcean's API",
  asked: "GET /v2/account",
  remedy:
    "DigitalOcean's status page, then the token in DIGITALOCEAN_TOKEN: whether it has ended, or lacks a scope",
  ask: async (signal) => {
    try {
      await readCloud(access, "/v2/account", z.unknown(), signal);
      return { verdict: "healthy", answer: "answers, and knows the token" };
    } catch (error) {
      return { verdict: "critical", answer: reasonOf(error) };
    }
  },
});
