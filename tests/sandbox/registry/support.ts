import type { FastifyInstance } from "fastify";
import { registryRules } from "../../../sandbox/cloud/families/registries/settling.ts";
import { digestOf } from "../../../sandbox/registry/digest.ts";
import { createRegistryServer } from "../../../sandbox/registry/server.ts";
import { type TestCloud, testCloud } from "../cloud/support/cloud.ts";

export const imageType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";

/** How long a garbage collection takes by the clock of the tests. */
export const latencyMs = 1_000;

/** What one request brings. */
interface Sent {
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of the registry. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
  json<T>(): T;
}

/** A client that has logged in. */
export interface RegistryClient {
  /** Sends a request with a bearer token for everything that the credentials allow in that repository. */
  send(method: string, path: string, sent?: Sent): Promise<RegistryAnswer>;
  /** Uploads a blob in one request. @returns its descriptor */
  pushBlob(
    name: string,
    bytes: Buffer | string,
  ): Promise<{ mediaType: string; digest: string; size: number }>;
  /** Pushes an image of one layer. @returns its digest */
  pushImage(name: string, tag: string, layer: string, extra?: object): Promise<string>;
  /** Pushes a manifest. */
  pushManifest(name: string, reference: string, manifest: object, type?: string): Promise<RegistryAnswer>;
}

/** A cloud with one registry named `whisper`, and the registry's own server. */
export interface RegistrySandbox {
  readonly cloud: TestCloud;
  /** The server, which a restart replaces. */
  readonly server: FastifyInstance;
  /** A client with credentials that the API hands out, by its query. */
  login(query: string): Promise<RegistryClient>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Makes one on the given plan. */
export async function registrySandbox(tier = "professional"): Promise<RegistrySandbox> {
  const cloud = await testCloud({ latencyMs });
  const serve = () =>
    createRegistryServer({
      runtime: cloud.registries,
      findRules: registryRules({
        store: cloud.store,
        registries: cloud.registries,
        settled: (sinceMs) => cloud.now() >= sinceMs + latencyMs,
      }),
      now: cloud.now,
    });
  let server = await serve();
  await cloud.ok("POST", "/v2/registry", { name: "whisper", subscription_tier_slug: tier, region: "fra1" });
  return {
    cloud,
    get server() {
      return server;
    },
    login: async (query) => {
      const { auths } = await cloud.ok<{ auths: Record<string, { auth: string }> }>(
        "GET",
        `/v2/registry/docker-credentials?${query}`,
      );
      return client(() => server, `Basic ${auths["registry.digitalocean.com"]?.auth}`);
    },
    restart: async () => {
      await server.close();
      await cloud.restart();
      server = await serve();
    },
    close: async () => {
      await server.close();
      await cloud.close();
    },
  };
}

/** Sends one request as it is. */
export async function sendTo(
  server: FastifyInstance,
  method: string,
  path: string,
  { body, headers }: Sent = {},
): Promise<RegistryAnswer> {
  const answer = await server.inject({
    method: method as "GET",
    url: path,
    headers: { ...headers },
    ...(body !== undefined && { payload: body }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: answer.rawPayload,
    json: () => answer.json(),
  };
}

/** Asks for a bearer token. */
export const askToken = (server: FastifyInstance, authorization: string, scope: string) =>
  sendTo(server, "GET", `/v2/registry/auth?service=registry.digitalocean.com&scope=${scope}`, {
    headers: { authorization },
  });

function client(server: () => FastifyInstance, basic: string): RegistryClient {
  const send: RegistryClient["send"] = async (method, path, sent = {}) => {
    const name = /^\/v2\/(.+?)\/(?:blobs|manifests|tags|referrers)\//.exec(path)?.[1] ?? "";
    const from = new URLSearchParams(path.split("?")[1]).get("from");
    const scopes = [`repository:${name}:pull,push,delete`, ...(from ? [`repository:${from}:pull`] : [])];
    const answer = await askToken(server(), basic, scopes.join("&scope="));
    if (answer.status !== 200) return answer;
    const headers = { ...sent.headers, authorization: `Bearer ${answer.json<{ token: string }>().token}` };
    return sendTo(server(), method, path, { ...sent, headers });
  };
  const pushBlob: RegistryClient["pushBlob"] = async (name, bytes) => {
    const digest = digestOf(Buffer.from(bytes));
    await send("POST", `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: bytes });
    return {
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      digest,
      size: Buffer.byteLength(bytes),
    };
  };
  const pushManifest: RegistryClient["pushManifest"] = (name, reference, manifest, type = imageType) =>
    send("PUT", `/v2/${name}/manifests/${reference}`, {
      body: JSON.stringify(manifest),
      headers: { "content-type": type },
    });
  return {
    send,
    pushBlob,
    pushManifest,
    pushImage: async (name, tag, layer, extra = {}) => {
      const config = {
        ...(await pushBlob(name, "{}")),
        mediaType: "application/vnd.oci.image.config.v1+json",
      };
      const manifest = { schemaVersion: 2, config, layers: [await pushBlob(name, layer)], ...extra };
      const answer = await pushManifest(name, tag, manifest);
      return String(answer.headers["docker-content-digest"]);
    },
  };
}
