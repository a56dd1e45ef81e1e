import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { onTestFinished } from "vitest";
import type { Artefact, ProgramSet } from "../../toolchain/programs.ts";

/** A folder of this test's own, gone when the test is over. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "whisper-toolchain-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** An HTTP server on loopback for this test; returns its base URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** A tar archive as a vendor publishes it: `vendor/bin/<program>`, each a script that prints its own name. */
export async function vendorArchive(programs: readonly string[]): Promise<Buffer> {
  const directory = await temporaryDirectory();
  for (const program of programs) {
    await writeFile(join(directory, program), `#!/bin/sh\necho ${program}\n`, { mode: 0o755 });
  }
  const chunks: Buffer[] = [];
  const stream = create({ gzip: true, cwd: directory, prefix: "vendor/bin", portable: true }, [...programs]);
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** An artefact that keeps `programs` of an archive of {@link vendorArchive}. */
export function artefactOf(url: string, archive: Buffer, programs: readonly string[]): Artefact {
  return {
    url,
    checksum: { algorithm: "sha256", hex: sha256(archive) },
    keep: { programs: programs.map((program) => `vendor/bin/${program}`) },
  };
}

/** A set whose only way is a download on this platform: there is no Go module of its name. */
export function programSet(artefacts: readonly Artefact[], programs: readonly string[]): ProgramSet {
  return {
    name: "no-such-module",
    title: "Test program",
    version: "1.2.3",
    programs,
    downloads: { [`${process.platform}-${process.arch}`]: artefacts },
    goPackages: { tool: "example.invalid/tool" },
    goLinkerFlags: "",
  };
}
