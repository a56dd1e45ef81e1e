import { createHash } from "node:crypto";
import { RegistryError } from "./errors.ts";

/** `sha256:` or `sha512:` and the hash in lower-case hexadecimal digits. */
const digestPattern = /^(?:(sha256):[0-9a-f]{64}|(sha512):[0-9a-f]{128})$/;

/** Whether a text is a digest of an algorithm that registries must know. */
export const isDigest = (text: string): boolean => digestPattern.test(text);

/** The digest a client named. @throws RegistryError DIGEST_INVALID when it is none, or of an unknown algorithm */
export function requireDigest(text: string): string {
  if (isDigest(text)) return text;
  throw new RegistryError("DIGEST_INVALID", "provided digest is not a sha256 or sha512 digest", {
    detail: { digest: text },
  });
}

/** The digest of bytes, or of text in UTF-8, by the algorithm of another digest (default sha256). */
export function digestOf(bytes: Uint8Array | string, like = "sha256:"): string {
  const hasher = digester(like);
  hasher.update(bytes);
  return hasher.digest();
}

/** Takes bytes as they come and says their digest at the end, by the algorithm of `like`. */
export function digester(like: string): { update(bytes: Uint8Array | string): void; digest(): string } {
  const algorithm = like.slice(0, like.indexOf(":"));
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => `${algorithm}:${hash.digest("hex")}` };
}

/** Refuses bytes that are not what the client said. @throws RegistryError DIGEST_INVALID */
export function requireSameDigest(announced: string, actual: string): void {
  if (announced === actual) return;
  throw new RegistryError("DIGEST_INVALID", "provided digest did not match uploaded content", {
    detail: { announced, actual },
  });
}
