/** Takes TCP connections at one address, and passes them on to a server at another. What passes is not looked at. */
import { connect, createServer, type Server, type Socket } from "node:net";

export interface RelayOptions {
  /** Where clients come. */
  readonly host: string;
  /** Of the relay, and of the server. */
  readonly port: number;
  /** Where the server is; it is called from that address too, so that it can let in nobody else. */
  readonly serverHost: string;
  /** Whether who comes is let in; others find the connection reset. */
  readonly isOpen: () => boolean;
  /** Resolves when the server is there, which may begin with the first client. Where it rejects, the client is turned away. */
  readonly wake: () => Promise<void>;
  /** Told the number of clients whenever it changes. */
  readonly onClients?: (clients: number) => void;
}

/** See the file's comment. */
export class Relay {
  private readonly options: RelayOptions;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private clients = 0;

  constructor(options: RelayOptions) {
    this.options = options;
  }

  /** Listens where it does not yet. @throws when the address is taken */
  async listen(): Promise<void> {
    if (this.server !== undefined) return;
    const { host, port, isOpen } = this.options;
    const server = createServer({ noDelay: true }, (client) => {
      if (isOpen()) void this.receive(client);
      else client.resetAndDestroy();
    });
    this.server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host, port }, resolve);
      });
    } catch (error) {
      this.server = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = server && new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async receive(client: Socket): Promise<void> {
    this.sockets.add(client);
    // Either end may go at any time; the other is told by its connection ending.
    client.on("error", () => undefined);
    client.once("close", () => {
      this.sockets.delete(client);
      this.count(-1);
    });
    this.count(1);
    try {
      await this.options.wake();
    } catch {
      // The server's report says why.
      client.resetAndDestroy();
    }
    if (!client.destroyed) this.pass(client);
  }

  private pass(client: Socket): void {
    const { serverHost, port } = this.options;
    const server = connect({ host: serverHost, port, localAddress: serverHost, noDelay: true });
    this.sockets.add(server);
    server.on("error", () => undefined);
    server.once("close", () => {
      this.sockets.delete(server);
      client.destroySoon();
    });
    client.once("close", () => server.destroySoon());
    client.pipe(server).pipe(client);
  }

  private count(change: 1 | -1): void {
    this.clients += change;
    this.options.onClients?.(this.clients);
  }
}
