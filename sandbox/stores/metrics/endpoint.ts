/** The metrics endpoint of a cluster: TLS with the server's certificate, and one account for all clusters. */
import { timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import path from "node:path";
import { ensureCertificate } from "../certificate.ts";
import { type MetricsAccess, type StoreSpec, storePorts } from "../runtime.ts";
import { exposition, type Figure } from "./exposition.ts";

/** See the file's comment. Listens where the gate before it calls. */
export class MetricsEndpoint {
  private readonly directory: string;
  private readonly figures: () => Promise<readonly Figure[]>;
  private server: Server | undefined;
  private access: MetricsAccess | undefined;

  /**
   * @param directory The store's own folder.
   * @param figures What is told, as it is now.
   */
  constructor(directory: string, figures: () => Promise<readonly Figure[]>) {
    this.directory = directory;
    this.figures = figures;
  }

  /** Listens where it does not yet, and lets in who knows the password of now. @throws when the address is taken */
  async serve(spec: StoreSpec): Promise<void> {
    this.access = spec.metricsAccess;
    if (this.server !== undefined) return;
    const file = (name: string) => path.join(this.directory, name);
    const files = { certificate: file("server.crt"), key: file("server.key") };
    await ensureCertificate(spec, files);
    const { createServer } = await import("node:https");
    const server = createServer(
      { cert: readFileSync(files.certificate), key: readFileSync(files.key) },
      (request, response) => void this.answer(request, response),
    );
    this.server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: spec.place.serverHost, port: storePorts.metrics }, resolve);
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
    server?.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isLetIn(request.headers.authorization)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="metrics"' }).end();
      return;
    }
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = exposition(await this.figures());
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      response.writeHead(503, { "content-type": "text/plain; charset=utf-8" }).end(`${reason}\n`);
    }
  }

  private isLetIn(authorization: string | undefined): boolean {
    if (this.access === undefined || authorization === undefined) return false;
    const { user, password } = this.access;
    const wanted = Buffer.from(`Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
    const given = Buffer.from(authorization);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }
}
