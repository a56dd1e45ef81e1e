import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import { type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from "undici";
import { WayClosed } from "./errors.ts";
import type { Artefact } from "./programs.ts";
import { type OnProgress, throttled } from "./progress.ts";

/** A server that has not begun to answer within this time is given up. */
const answerTimeoutMs = 5_000;
/** A download that stands still for this long is given up. */
const stallTimeoutMs = 30_000;

/**
 * Downloads an artefact, checks it against its pinned checksum and puts its programs into `directory`.
 * Throws {@link WayClosed} when the server cannot be reached within 5 s, refuses, stalls, or sends other bytes
 * than those pinned; nothing of the artefact is kept then.
 */
export async function downloadArtefact(
  artefact: Artefact,
  directory: string,
  onProgress: OnProgress,
): Promise<void> {
  const file = join(directory, `${basename(new URL(artefact.url).pathname)}.download`);
  try {
    await fetchChecked(artefact, file, throttled(onProgress));
    await keepPrograms(artefact, file, directory);
  } finally {
    await rm(file, { force: true });
  }
}

async function fetchChecked(artefact: Artefact, file: string, onProgress: OnProgress): Promise<void> {
  const { url, checksum } = artefact;
  const dispatcher = new EnvHttpProxyAgent({ bodyTimeout: stallTimeoutMs });
  try {
    const answer = await answerOf(url, dispatcher);
    if (!answer.ok || answer.body === null) throw new WayClosed(`${url} answered ${answer.status}`);
    const hash = createHash(checksum.algorithm);
    const totalBytes = Number(answer.headers.get("content-length") ?? 0);
    let seenBytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        seenBytes += chunk.length;
        onProgress(`Downloading ${basename(url)}: ${describeBytes(seenBytes, totalBytes)}`);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body), meter, createWriteStream(file)).catch((error: unknown) => {
      throw new WayClosed(`the download of ${url} broke off (${causeOf(error)})`);
    });
    const digest = hash.digest("hex");
    if (digest !== checksum.hex) {
      throw new WayClosed(
        `${url} has ${checksum.algorithm} ${digest}, pinned is ${checksum.hex}: thrown away, do not trust it`,
      );
    }
  } finally {
    // Not `close`, which would wait for a body that nobody reads: that of a refusal.
    await dispatcher.destroy();
  }
}

/** The answer as soon as its head is there: one limit for redirects, proxies and everything else on the way to it. */
async function answerOf(url: string, dispatcher: Dispatcher): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new Error(`no answer within ${answerTimeoutMs / 1_000} s`)),
    answerTimeoutMs,
  );
  try {
    return await fetch(url, { dispatcher, signal: patience.signal });
  } catch (error) {
    throw new WayClosed(`${new URL(url).host} cannot be reached (${causeOf(error)})`);
  } finally {
    clearTimeout(timer);
  }
}

async function keepPrograms({ keep }: Artefact, file: string, directory: string): Promise<void> {
  if ("file" in keep) {
    const program = join(directory, keep.file);
    await rename(file, program);
    await chmod(program, 0o755);
    return;
  }
  const wanted = (path: string) =>
    "folder" in keep ? path.startsWith(`${keep.folder}/`) : keep.programs.includes(path);
  const strip = "folder" in keep ? keep.folder.split("/").length : depthOf(keep.programs);
  await extract({ file, cwd: directory, strip, filter: wanted });
}

function depthOf(paths: readonly string[]): number {
  return Math.max(...paths.map((path) => path.split("/").length - 1));
}

function describeBytes(seen: number, total: number): string {
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return total > 0
    ? `${Math.floor((100 * seen) / total)} % of ${mebibytes(total)} MiB`
    : `${mebibytes(seen)} MiB`;
}

/** The innermost message: `fetch` says no more than "fetch failed" itself. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : causeOf(error.cause);
}
