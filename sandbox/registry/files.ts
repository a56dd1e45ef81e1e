import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { rename, truncate } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { digester } from "./digest.ts";
import type { Blob, Upload } from "./model.ts";

/** The bytes of all registries' blobs and unfinished uploads, one file each, a folder a registry. */
export class RegistryFiles {
  readonly #directory: string;

  /** @param directory Made where it is missing. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /**
   * Appends what arrives to an upload.
   * @returns the size of the upload then
   * @throws when `bytes` ends too early; what had arrived of them is cut off again
   */
  async append(upload: Upload, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const file = this.#upload(upload);
    // What a client was not told of counts for nothing: it sends it again.
    await truncate(file, upload.sizeBytes).catch(ignoreAbsence);
    const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
    try {
      await pipeline(bytes, stream);
    } catch (error) {
      await truncate(file, upload.sizeBytes).catch(ignoreAbsence);
      throw error;
    }
    return upload.sizeBytes + stream.bytesWritten;
  }

  /** The digest of what an upload has, by the algorithm of `like`. */
  async digestOf(upload: Upload, like: string): Promise<string> {
    const hasher = digester(like);
    for await (const chunk of createReadStream(this.#upload(upload))) hasher.update(chunk);
    return hasher.digest();
  }

  /** Makes an upload a blob. */
  async keep(upload: Upload, digest: string): Promise<void> {
    await rename(this.#upload(upload), this.#blob({ registry: upload.registry, digest }));
  }

  /** The bytes of a blob, or a range of them, both ends included. */
  read(blob: Pick<Blob, "registry" | "digest">, range?: { first: number; last: number }) {
    return createReadStream(this.#blob(blob), range && { start: range.first, end: range.last });
  }

  /** Makes the file of an upload. */
  begin(upload: Upload): void {
    writeFileSync(this.#upload(upload), "", { mode: 0o600 });
  }

  removeUpload(upload: Upload): void {
    rmSync(this.#upload(upload), { force: true });
  }

  removeBlob(blob: Pick<Blob, "registry" | "digest">): void {
    rmSync(this.#blob(blob), { force: true });
  }

  removeRegistry(registry: string): void {
    rmSync(join(this.#directory, registry), { recursive: true, force: true });
  }

  /** How much of an upload is there: less than was acknowledged when files and records do not belong together. */
  sizeOf(upload: Upload): number {
    return statSync(this.#upload(upload), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Deletes the files that no record names: what a killed server left behind. */
  sweep(blobs: readonly Blob[], uploads: readonly Upload[]): void {
    const held = new Set([
      ...blobs.map((blob) => this.#blob(blob)),
      ...uploads.map((upload) => this.#upload(upload)),
    ]);
    for (const registry of readdirSync(this.#directory)) {
      for (const kind of ["blobs", "uploads"]) {
        const folder = this.#folder(registry, kind);
        for (const name of readdirSync(folder)) {
          if (!held.has(join(folder, name))) rmSync(join(folder, name), { force: true });
        }
      }
    }
  }

  #blob({ registry, digest }: Pick<Blob, "registry" | "digest">): string {
    return join(this.#folder(registry, "blobs"), digest.replace(":", "-"));
  }

  #upload({ registry, id }: Upload): string {
    return join(this.#folder(registry, "uploads"), id);
  }

  #folder(registry: string, kind: string): string {
    const folder = join(this.#directory, registry, kind);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
