/** The firewall in front of a server: takes clients' connections, and passes on those of who is let in. */
import { connect, createServer, type Server, type Socket } from "node:net";
import type { StorePlace } from "./runtime.ts";
import type { OpenWays } from "./trusted-sources.ts";

/**
 * See the file's comment. What passes is not looked at: TLS goes through to the server. The server lets in nobody but who
 * comes from its own address, which is where the gate calls it from.
 */
export class Gate {
  private readonly place: StorePlace;
  private readonly port: number;
  private readonly wake: () => Promise<void>;
  private servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private open: OpenWays = { publicly: false, privately: false };

  /**
   * @param port Of the server, and of the gate.
   * @param wake Resolves when the server is there, which may begin with the first client.
   */
  constructor(place: StorePlace, port: number, wake: () => Promise<void>) {
    this.place = place;
    this.port = port;
    this.wake = wake;
  }

  /** Listens where it does not yet. Lets nobody in before {@link admit}. @throws when an address is taken */
  async listen(): Promise<void> {
    if (this.servers.length > 0) return;
    const { publicHost, privateHost } = this.place;
    this.servers = await Promise.all([
      this.serve(publicHost, () => this.open.publicly),
      this.serve(privateHost, () => this.open.privately),
    ]);
  }

  /** Whom it lets in from now on. Who is in stays, as in the managed service. */
  admit(open: OpenWays): void {
    this.open = open;
  }

  async close(): Promise<void> {
    const servers = this.servers.splice(0);
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private serve(host: string, isOpen: () => boolean): Promise<Server> {
    const server = createServer({ noDelay: true }, (client) => {
      if (isOpen()) void this.receive(client);
      else client.resetAndDestroy();
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port: this.port }, () => resolve(server));
    });
  }

  /** Passes a client on to the server when that is there. */
  private async receive(client: Socket): Promise<void> {
    this.keep(client);
    try {
      await this.wake();
    } catch {
      // Its report says why.
      client.resetAndDestroy();
      return;
    }
    if (client.destroyed) return;
    const { serverHost } = this.place;
    const server = connect({ host: serverHost, port: this.port, localAddress: serverHost, noDelay: true });
    this.keep(server);
    client.once("close", () => server.destroySoon());
    server.once("close", () => client.destroySoon());
    client.pipe(server);
    server.pipe(client);
  }

  /** Either end may go at any time; the other is told by its connection ending. */
  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.sockets.delete(socket));
  }
}
