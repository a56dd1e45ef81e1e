/** The firewall in front of a server: takes clients' connections, and passes on those of who is let in. */
import { Relay } from "../relay.ts";
import type { StorePlace } from "./runtime.ts";
import type { OpenWays } from "./trusted-sources.ts";

/**
 * See the file's comment. What passes is not looked at: TLS goes through to the server. The server lets in nobody but who
 * comes from its own address, which is where the gate calls it from.
 */
export class Gate {
  private readonly relays: readonly Relay[];
  private open: OpenWays = { publicly: false, privately: false };

  /**
   * @param port Of the server, and of the gate.
   * @param wake Resolves when the server is there, which may begin with the first client.
   */
  constructor({ publicHost, privateHost, serverHost }: StorePlace, port: number, wake: () => Promise<void>) {
    const both = { port, serverHost, wake };
    this.relays = [
      new Relay({ ...both, host: publicHost, isOpen: () => this.open.publicly }),
      new Relay({ ...both, host: privateHost, isOpen: () => this.open.privately }),
    ];
  }

  /** Listens where it does not yet. Lets nobody in before {@link admit}. @throws when an address is taken */
  async listen(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.listen()));
  }

  /** Whom it lets in from now on. Who is in stays, as in the managed service. */
  admit(open: OpenWays): void {
    this.open = open;
  }

  async close(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.close()));
  }
}
