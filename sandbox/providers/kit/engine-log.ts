import { type Client, credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";

/** How a line is shown: `progress` replaces the resource's last one, `warning` stays on the screen. */
export type LogKind = "progress" | "warning";

/**
 * Lines to the engines that are attached, one client an engine. What cannot be delivered is dropped: nobody waits for
 * a log line, and an engine that is gone does not read it.
 */
export class EngineLog {
  readonly #clients = new Map<string, InstanceType<typeof EngineClient>>();

  /** Sends a line about a resource to the engine that listens at `address`. */
  send(address: string, urn: string, kind: LogKind, message: string): void {
    const request = new engineProto.LogRequest();
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(kind === "progress");
    request.setSeverity(kind === "progress" ? engineProto.LogSeverity.INFO : engineProto.LogSeverity.WARNING);
    this.#client(address).log(request, () => undefined);
  }

  /** Lets go of one engine's client, or of all. */
  close(address?: string): void {
    for (const [known, client] of this.#clients) {
      if (address !== undefined && address !== known) continue;
      (client as Client).close();
      this.#clients.delete(known);
    }
  }

  #client(address: string): InstanceType<typeof EngineClient> {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    const client = new EngineClient(address, credentials.createInsecure());
    this.#clients.set(address, client);
    return client;
  }
}
