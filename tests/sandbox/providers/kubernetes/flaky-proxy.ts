import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request as send } from "undici";
import type { ClusterCredentials } from "../../../../sandbox/kubernetes/runtime.ts";
import { kubeconfigOf } from "./api-server.ts";

/** A proxy before an API server through which a share of the calls fails. */
export interface FlakyProxy {
  /** A kubeconfig that leads through the proxy. */
  readonly kubeconfig: string;
  /** How many calls failed. */
  failures(): number;
  close(): Promise<void>;
}

/** Ways to fail: before the call reaches the server, or after it was carried out. */
const FAULTS = ["unavailable", "too many requests", "cut off before", "cut off after"] as const;

/** The same seed fails the same calls, as far as they come in the same order. */
export async function startFlakyProxy(
  credentials: ClusterCredentials,
  { seed, share }: { seed: number; share: number },
): Promise<FlakyProxy> {
  const ca = Buffer.from(credentials.certificateAuthorityData, "base64").toString();
  const dispatcher = new Agent({ connect: { ca } });
  const random = randomNumbers(seed);
  let failures = 0;
  const proxy = createServer(async (incoming, outgoing) => {
    const fault = random() < share ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    if (fault !== undefined) failures += 1;
    if (fault === "unavailable") return outgoing.writeHead(503).end();
    if (fault === "too many requests") return outgoing.writeHead(429, { "retry-after": "0" }).end();
    if (fault === "cut off before") return incoming.socket.destroy();
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const answer = await send(`${credentials.server}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers,
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
      dispatcher,
    });
    const body = await answer.body.text();
    if (fault === "cut off after") return incoming.socket.destroy();
    outgoing.writeHead(answer.statusCode, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", () => resolve()));
  const { port } = proxy.address() as AddressInfo;
  return {
    kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`, { token: credentials.token }),
    failures: () => failures,
    close: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await dispatcher.destroy();
    },
  };
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
