import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Takes bytes as they come and says their checksum at the end. */
export interface Digester {
  update(chunk: Uint8Array): void;
  /** Base64, as S3's checksum headers have it. */
  digest(): string;
}

/** The checksums clients may send, by the name S3 gives them, lower case. */
export const checksumAlgorithms: Readonly<Record<string, () => Digester>> = {
  crc32: () => crc32Digester(),
  crc32c: () => crc32cDigester(),
  crc64nvme: () => crc64NvmeDigester(),
  sha1: () => hashDigester("sha1"),
  sha256: () => hashDigester("sha256"),
};

function hashDigester(algorithm: string): Digester {
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest("base64") };
}

function crc32Digester(): Digester {
  let crc = 0;
  return {
    update: (chunk) => {
      crc = crc32(chunk, crc);
    },
    digest: () => base64OfWords(crc),
  };
}

/** Castagnoli's polynomial, reflected. */
const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32cDigester(): Digester {
  let crc = 0xffffffff;
  return {
    update: (chunk) => {
      for (const byte of chunk) crc = (crc32cTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    },
    digest: () => base64OfWords(~crc),
  };
}

/** The NVMe polynomial, reflected, in two tables of 32-bit halves: 64-bit integers are many times slower. */
const crc64Tables = (() => {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffffffffn);
  }
  return { high, low };
})();

function crc64NvmeDigester(): Digester {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (crc64Tables.low[index] ?? 0);
        high = (high >>> 8) ^ (crc64Tables.high[index] ?? 0);
      }
    },
    digest: () => base64OfWords(~high, ~low),
  };
}

function base64OfWords(...words: number[]): string {
  const buffer = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) buffer.writeUInt32BE(word >>> 0, index * 4);
  return buffer.toString("base64");
}
