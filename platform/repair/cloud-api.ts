import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { failure } from "../exit.ts";
import type { CloudApi } from "./lookup.ts";

const pageSchema = z.looseObject({
  links: z.object({ pages: z.object({ next: z.string().optional() }).optional() }).optional(),
});
const itemsSchema = z.array(z.record(z.string(), z.unknown())).nullish();

/** What fails by chance (429, 5xx, a lost connection) is asked again after these waits: half a minute in all. */
const waitsMs = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800];

/** Where the API and Spaces are, and as whom to ask them. */
interface CloudApiOptions {
  /** Origin of the API. */
  readonly url: string;
  /** Bearer token of the API. */
  readonly token: string;
  /** Origin of Spaces in a region. */
  readonly spacesUrl: (region: string) => string;
  readonly spacesAccessKeyId: string;
  readonly spacesSecretAccessKey: string;
}

/** A client of the API that reads lists and deletes, and knocks at buckets: all that a repair needs. */
export function cloudApi(options: CloudApiOptions): CloudApi {
  const { url, token } = options;
  const ask = async (method: string, path: string): Promise<Response> => {
    const request = () =>
      fetch(new URL(path, url), { method, headers: { authorization: `Bearer ${token}` } }).catch(
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
    let answer = await request();
    for (const waitMs of waitsMs) {
      if (answer instanceof Response && answer.status !== 429 && answer.status < 500) break;
      await sleep(waitMs);
      answer = await request();
    }
    if (answer instanceof Response && (answer.ok || answer.status === 404)) return answer;
    const outcome = answer instanceof Response ? `answered with status ${answer.status}` : "has no answer";
    throw failure(
      `Repair cannot look into the cloud: ${method} ${path} ${outcome}.`,
      answer instanceof Response ? undefined : answer,
    );
  };
  return {
    list: async (path, member) => {
      const found: Record<string, unknown>[] = [];
      let next: string | undefined = `${path}?per_page=200`;
      while (next !== undefined) {
        const answer: Response = await ask("GET", next);
        if (answer.status === 404) return found;
        const page = pageSchema.parse(await answer.json());
        found.push(...(itemsSchema.parse(page[member]) ?? []));
        next = nextPath(page.links?.pages?.next);
      }
      return found;
    },
    delete: async (path) => {
      await ask("DELETE", path);
    },
    hasBucket: (region, name) => hasBucket(options, region, name),
  };
}

async function hasBucket(options: CloudApiOptions, region: string, name: string): Promise<boolean> {
  const { HeadBucketCommand, S3Client, S3ServiceException } = await import("@aws-sdk/client-s3");
  const client = new S3Client({
    endpoint: options.spacesUrl(region),
    region: "us-east-1",
    forcePathStyle: true,
    credentials: {
      accessKeyId: options.spacesAccessKeyId,
      secretAccessKey: options.spacesSecretAccessKey,
    },
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
    return true;
  } catch (error) {
    // 403 is a bucket of somebody else: names are shared by all customers.
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 403) return false;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Path and query of the next page: the link's origin is the server's own idea of its name. */
function nextPath(link: string | undefined): string | undefined {
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link);
  return `${pathname}${search}`;
}
