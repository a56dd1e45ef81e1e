import { Agent, fetch } from "undici";
import { z } from "zod";
import { type CloudAccess, readCloud } from "./cloud.ts";

const credentialsSchema = z.object({
  server: z.string(),
  certificate_authority_data: z.string(),
  token: z.string(),
});

/** How long credentials are asked for that read a cluster once or for a while. */
const credentialsSeconds = 3_600;

/** The API of an environment's Kubernetes cluster, for reading. */
export interface ClusterApi {
  /** @throws Error that says with what status it answered, where that is not 2xx. */
  read<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
}

/** What Kubernetes' API says when it refuses. */
const refusalSchema = z.object({ message: z.string() });

/** Reads a cluster with credentials that DigitalOcean hands out, anew before they end. They never leave this process. */
export function clusterApi(access: CloudAccess, clusterId: string): ClusterApi {
  let opened: { readonly until: number; readonly client: Promise<OpenCluster> } | undefined;
  return readingWith((signal) => {
    if (opened === undefined || opened.until < Date.now()) {
      const fresh = open(access, clusterId, signal);
      opened = { until: Date.now() + (credentialsSeconds * 1000) / 2, client: fresh };
      fresh.catch(() => {
        opened = undefined;
      });
    }
    return opened.client;
  });
}

/** Reads whatever cluster it is led to. */
export function readingWith(client: (signal: AbortSignal) => Promise<OpenCluster>): ClusterApi {
  return {
    read: async (path, schema, signal) => {
      const { server, token, dispatcher } = await client(signal);
      const answer = await fetch(new URL(path, server), {
        headers: { authorization: `Bearer ${token}` },
        dispatcher,
        signal,
      });
      const text = await answer.text();
      if (!answer.ok)
        throw new Error(`Kubernetes answers GET ${path} with status ${answer.status}: ${refusal(text)}`);
      return schema.parse(JSON.parse(text));
    },
  };
}

/** A cluster's API, and as whom to ask it. */
export interface OpenCluster {
  readonly server: string;
  readonly token: string;
  /** Knows who signed the server's certificate. */
  readonly dispatcher: Agent;
}

async function open(access: CloudAccess, clusterId: string, signal: AbortSignal): Promise<OpenCluster> {
  const path = `/v2/kubernetes/clusters/${clusterId}/credentials?expiry_seconds=${credentialsSeconds}`;
  const {
    server,
    token,
    certificate_authority_data: authority,
  } = await readCloud(access, path, credentialsSchema, signal);
  const ca = Buffer.from(authority, "base64").toString("utf8");
  return { server, token, dispatcher: new Agent({ connect: { ca } }) };
}

function refusal(text: string): string {
  try {
    return refusalSchema.parse(JSON.parse(text)).message;
  } catch {
    return text.slice(0, 200);
  }
}
