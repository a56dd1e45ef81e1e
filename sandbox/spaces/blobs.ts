import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Segment } from "./model.ts";

/** A range of bytes, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The bytes of all objects and parts, one file each. A file is there as a whole or not at all. */
export class BlobStore {
  readonly #incoming: string;
  readonly #blobs: string;

  /** @param directory where the files are; made where it is missing */
  constructor(directory: string) {
    this.#incoming = join(directory, "incoming");
    this.#blobs = join(directory, "blobs");
    for (const folder of [this.#incoming, this.#blobs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Writes bytes to a new blob; when `bytes` throws, nothing stays behind. */
  async write(bytes: AsyncIterable<Uint8Array>): Promise<Segment> {
    const blob = randomUUID();
    const incoming = join(this.#incoming, blob);
    const file = createWriteStream(incoming, { mode: 0o600 });
    try {
      await pipeline(Readable.from(bytes, { objectMode: false }), file);
      await rename(incoming, join(this.#blobs, blob));
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    }
    return { blob, sizeBytes: file.bytesWritten };
  }

  /** The bytes of the segments one after the other, or a range of them. */
  async *read(segments: readonly Segment[], range?: ByteRange): AsyncGenerator<Uint8Array> {
    let offset = 0;
    for (const { blob, sizeBytes } of segments) {
      const start = Math.max((range?.first ?? 0) - offset, 0);
      const end = Math.min((range?.last ?? Number.POSITIVE_INFINITY) - offset, sizeBytes - 1);
      offset += sizeBytes;
      if (start <= end) yield* createReadStream(join(this.#blobs, blob), { start, end });
    }
  }

  /** Deletes the blobs. */
  async remove(segments: readonly Segment[]): Promise<void> {
    await Promise.all(segments.map(({ blob }) => rm(join(this.#blobs, blob), { force: true })));
  }

  /** Deletes what a killed server left behind: half-written files, and blobs that nothing refers to. */
  sweep(referenced: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#incoming)) rmSync(join(this.#incoming, name), { force: true });
    for (const name of readdirSync(this.#blobs)) {
      if (!referenced.has(name)) rmSync(join(this.#blobs, name), { force: true });
    }
  }
}
