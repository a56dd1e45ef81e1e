import { chooseFreePort } from "../ports.ts";
import { occupiedPort } from "./occupied-port.ts";
import type { Service } from "./record.ts";

/** One server of the sandbox, that listens on 127.0.0.1. */
export interface Server {
  readonly service: Service;
  /** @returns The port. */
  listen(port: number): Promise<number>;
  /** Frees the port. Only called on a server that listens. */
  close(): Promise<void>;
}

/** Servers that listen. */
export interface Listening {
  readonly ports: Readonly<Partial<Record<Service, number>>>;
  /** Closes all, the last one first. */
  close(): Promise<void>;
}

/**
 * Lets servers listen, in their order; when one cannot, those before it are closed again.
 *
 * @param wanted The port of each; where there is none, a free one is chosen that can be kept.
 * @throws SandboxError that names the service and who is in the way.
 */
export async function listenAll(
  servers: readonly Server[],
  wanted: Readonly<Partial<Record<Service, number>>>,
): Promise<Listening> {
  const ports: Partial<Record<Service, number>> = {};
  const listening: Server[] = [];
  const close = async () => {
    for (const server of listening.splice(0).reverse()) await server.close();
  };
  for (const server of servers) {
    const port = wanted[server.service] ?? (await chooseFreePort(new Set(Object.values(ports))));
    try {
      ports[server.service] = await server.listen(port);
      listening.push(server);
    } catch (error) {
      await close();
      throw isAddressInUse(error) ? occupiedPort(server.service, port) : error;
    }
  }
  return { ports, close };
}

const isAddressInUse = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES");
