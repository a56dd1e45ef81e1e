import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Valkey } from "iovalkey";
import pg from "pg";
import { expect } from "vitest";
import { z } from "zod";

const server = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  password: z.string(),
});
const postgresServer = server.extend({ database: z.string(), caCertificate: z.string() });

/** What a consumer of a bucket is handed. */
export const bucketGrant = z.object({
  bucket: z.string(),
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});

const PAUSE_MS = 20;

/** A client of a PostgreSQL as a component hands it on, which verifies the server. Ended by the caller. */
export async function postgresClient(connection: unknown): Promise<pg.Client> {
  const { caCertificate: ca, ...rest } = postgresServer.parse(connection);
  const client = new pg.Client({ ...rest, ssl: { ca } });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Does something with a Valkey as a component hands it on. @param ca PEM of the authority that its server is verified with. */
export async function withValkey<T>(
  connection: unknown,
  ca: string,
  work: (client: Valkey) => Promise<T>,
): Promise<T> {
  const { user: username, ...rest } = server.parse(connection);
  const client = new Valkey({ ...rest, username, tls: { ca }, lazyConnect: true });
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}

/** Does something with a bucket as a component hands it on, at the sandbox's own address. */
export async function withBucket<T>(
  { bucket: Bucket, region, ...credentials }: z.output<typeof bucketGrant>,
  endpoint: string,
  work: (bucket: {
    put(key: string, body: string): Promise<unknown>;
    get(key: string): Promise<string | undefined>;
  }) => Promise<T>,
): Promise<T> {
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  try {
    return await work({
      put: (Key, Body) => client.send(new PutObjectCommand({ Bucket, Key, Body })),
      get: async (Key) =>
        (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
    });
  } finally {
    client.destroy();
  }
}

/** What a client is told when its server goes, or is not back yet: it asks anew. */
const passing = z.union([
  z.object({ code: z.string().regex(/^(57P0|08|ECONN|EPIPE)/) }),
  // The second, where the connection broke between two questions.
  z.object({
    message: z.string().regex(/^(Connection terminated|Client has encountered a connection error)/),
  }),
]);

/**
 * Asks one thing again and again while something is done, as an application does: a client whose connection breaks connects
 * anew. Whenever there is an answer, it must be the one there was before.
 * @returns How often it was answered, and for which part of the time, from 0 to 1, it was longest without an answer.
 */
export async function askedMeanwhile(
  connection: unknown,
  query: string,
  work: () => Promise<unknown>,
): Promise<{ readonly times: number; readonly longestSilence: number }> {
  let client: pg.Client | undefined;
  const ask = async () => {
    try {
      client ??= await postgresClient(connection);
      return (await client.query(query)).rows;
    } catch (error) {
      await client?.end().catch(() => undefined);
      client = undefined;
      if (passing.safeParse(error).success) return undefined;
      throw error;
    }
  };
  const first = await ask();
  expect(first).toBeDefined();
  let done = false;
  let times = 0;
  const begun = performance.now();
  let answered = begun;
  let longestMs = 0;
  const hear = () => {
    longestMs = Math.max(longestMs, performance.now() - answered);
    answered = performance.now();
  };
  const asking = (async () => {
    while (!done) {
      const rows = await ask();
      if (rows !== undefined) {
        expect(rows).toEqual(first);
        times++;
        hear();
      }
      await delay(PAUSE_MS);
    }
  })();
  const working = work().finally(() => {
    done = true;
  });
  try {
    await Promise.all([asking, working]);
  } finally {
    done = true;
    await Promise.allSettled([asking, working]);
    await client?.end();
  }
  hear();
  return { times, longestSilence: longestMs / (performance.now() - begun) };
}
