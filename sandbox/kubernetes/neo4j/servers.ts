/** The Neo4j servers of all clusters, each by the volume that has its data: a volume may go from one cluster to another. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Neo4jPrograms } from "../../../toolchain/neo4j.ts";
import { Neo4jServer } from "./server.ts";

/** See the file's comment. */
export class Neo4jServers {
  private readonly directory: string;
  private readonly programs: () => Promise<Neo4jPrograms>;
  private readonly servers = new Map<string, Neo4jServer>();

  /** @param directory Has one folder a volume. */
  constructor(directory: string, programs: () => Promise<Neo4jPrograms>) {
    this.directory = directory;
    this.programs = programs;
  }

  /** The server on a volume, by the volume's id in the cloud. */
  on(volumeId: string): Neo4jServer {
    const server =
      this.servers.get(volumeId) ??
      new Neo4jServer({ directory: this.folder(volumeId), programs: this.programs });
    this.servers.set(volumeId, server);
    return server;
  }

  /** Ends what runs on a volume, and removes what is on it. */
  async delete(volumeId: string): Promise<void> {
    await this.servers.get(volumeId)?.delete();
    this.servers.delete(volumeId);
    await rm(this.folder(volumeId), { recursive: true, force: true });
  }

  private folder(volumeId: string): string {
    return path.join(this.directory, volumeId);
  }
}
