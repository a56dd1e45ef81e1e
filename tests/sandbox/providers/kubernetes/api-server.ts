import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ClusterAccess,
  clusterAccess,
} from "../../../../sandbox/providers/kubernetes/cluster/access.ts";

/** What a request is answered with; `reset` cuts the connection off after the request was carried out. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly reset?: boolean;
}

/** An API server of a few lines, which answers as it is told. */
export interface FakeApiServer {
  readonly access: ClusterAccess;
  /** `METHOD path`, oldest first. */
  readonly requests: string[];
  /** Those of the requests that were to change nothing: `dryRun=All`. */
  readonly dryRuns: string[];
  readonly tokens: string[];
  close(): Promise<void>;
}

/** Kinds for paths of discovery; whatever else is asked goes to `reply`. */
export async function startApiServer(
  reply: (request: { method: string; path: string; body: unknown }) => Reply,
): Promise<FakeApiServer> {
  const requests: string[] = [];
  const dryRuns: string[] = [];
  const tokens: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    tokens.push(request.headers.authorization ?? "");
    if (pathname === "/api/v1" && request.method === "GET") {
      return answer(response, {
        body: { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] },
      });
    }
    requests.push(`${request.method} ${pathname}`);
    if (searchParams.get("dryRun") === "All") dryRuns.push(`${request.method} ${pathname}`);
    answer(response, reply({ method: request.method ?? "", path: pathname, body }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    access: clusterAccess({
      kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`),
      context: undefined,
      cluster: undefined,
    }),
    requests,
    dryRuns,
    tokens,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A kubeconfig for a server, as an administrator with a token. */
export function kubeconfigOf(server: string, { namespace = "", token = "t" } = {}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    clusters: [{ name: "k", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token } }],
    contexts: [
      { name: "c", context: { cluster: "k", user: "u", ...(namespace === "" ? {} : { namespace }) } },
    ],
  });
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

function answer(
  response: ServerResponse,
  { status = 200, body = {}, headers = {}, reset = false }: Reply,
): void {
  if (reset) {
    response.socket?.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
