/** Keys as OpenSSH writes them (PROTOCOL.key, RFC 4253, RFC 5656, RFC 8709). */
import { createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import { ProviderError } from "../kit/errors.ts";

/** A public key as `authorized_keys` holds it. */
interface PublicBlob {
  /** E.g. `ecdsa-sha2-nistp256`. */
  readonly type: string;
  readonly blob: Buffer;
}

/** Its parts as JSON names them (RFC 7518): what is a number there is in base64url. */
type Parts = Readonly<Record<"n" | "e" | "d" | "p" | "q" | "qi" | "x" | "y" | "crv", string | undefined>>;

const partsOf = (key: KeyObject): Parts => key.export({ format: "jwk" }) as Parts;
const bytes = (part: string | undefined): Buffer => Buffer.from(part ?? "", "base64url");

/** A string with its length before it. */
function text(value: string | Buffer): Buffer {
  const content = Buffer.from(value as string);
  return Buffer.concat([uint32(content.length), content]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

/** A positive whole number: without leading zeros but for the one that keeps it positive. */
function number(value: Buffer): Buffer {
  const first = value.findIndex((byte) => byte !== 0);
  const digits = value.subarray(Math.max(first, 0));
  return text((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

export function openSshPublicBlob(key: KeyObject): PublicBlob {
  const parts = partsOf(createPublicKey(key));
  if (key.asymmetricKeyType === "rsa") {
    return blobOf("ssh-rsa", number(bytes(parts.e)), number(bytes(parts.n)));
  }
  if (key.asymmetricKeyType === "ed25519") return blobOf("ssh-ed25519", text(bytes(parts.x)));
  const curve = curveName(parts);
  return blobOf(`ecdsa-sha2-${curve}`, text(curve), text(pointOf(parts)));
}

const blobOf = (type: string, ...rest: Buffer[]): PublicBlob => ({
  type,
  blob: Buffer.concat([text(type), ...rest]),
});

const pointOf = ({ x, y }: Parts): Buffer => Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);

function curveName({ crv = "" }: Parts): string {
  const found = /^P-(256|384|521)$/.exec(crv)?.[1];
  if (found === undefined) throw new ProviderError(`OpenSSH has no name for the curve ${crv}`);
  return `nistp${found}`;
}

/** The private key in OpenSSH's own form, without a passphrase. */
export function openSshPrivateKey(key: KeyObject): string {
  const { type, blob } = openSshPublicBlob(key);
  const check = randomBytes(4);
  const section = Buffer.concat([check, check, text(type), ...privateParts(key), text("")]);
  // Padded to whole blocks of eight, with 1, 2, 3, ...
  const padding = Buffer.from(
    Array.from({ length: (8 - (section.length % 8)) % 8 }, (_, index) => index + 1),
  );
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    uint32(1),
    text(blob),
    text(Buffer.concat([section, padding])),
  ]);
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

function privateParts(key: KeyObject): Buffer[] {
  const parts = partsOf(key);
  if (key.asymmetricKeyType === "rsa") {
    return (["n", "e", "d", "qi", "p", "q"] as const).map((name) => number(bytes(parts[name])));
  }
  if (key.asymmetricKeyType === "ed25519") {
    return [text(bytes(parts.x)), text(Buffer.concat([bytes(parts.d), bytes(parts.x)]))];
  }
  return [text(curveName(parts)), text(pointOf(parts)), number(bytes(parts.d))];
}
