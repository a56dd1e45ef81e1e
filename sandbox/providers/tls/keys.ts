/** Keys, and the forms in which the vendor's plugin hands them out. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  webcrypto,
} from "node:crypto";
import { ProviderError } from "../kit/errors.ts";
import { openSshPrivateKey, openSshPublicBlob } from "./openssh.ts";

/** Curves by the vendor's names. P224, its default, is not among them: web crypto signs with none so small. */
export const CURVES = { P256: "P-256", P384: "P-384", P521: "P-521" } as const;

type Curve = keyof typeof CURVES;

/** A curve signs with the hash of its strength. */
const HASHES: Readonly<Record<string, string>> = {
  "P-256": "SHA-256",
  "P-384": "SHA-384",
  "P-521": "SHA-512",
};

export const ALGORITHMS = ["RSA", "ECDSA", "ED25519"] as const;

/** Draws a private key. */
export function drawKey(algorithm: string, curve: string, rsaBits: number): KeyObject {
  if (algorithm === "RSA") return generateKeyPairSync("rsa", { modulusLength: rsaBits }).privateKey;
  if (algorithm === "ED25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: CURVES[curve as Curve] }).privateKey;
}

/** @throws ProviderError for what holds no private key that certificates are signed with here */
export function readKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (algorithmOf(key) !== undefined) return key;
  } catch {
    // Said below: what OpenSSL says of it helps nobody.
  }
  throw new ProviderError(`the private key is no PEM of a key of ${ALGORITHMS.join(", ")}`);
}

/** What the vendor calls the key's algorithm; undefined for others. */
export function algorithmOf({ asymmetricKeyType }: KeyObject): string | undefined {
  const names: Readonly<Record<string, string>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };
  return names[asymmetricKeyType ?? ""];
}

/** The key as web crypto has it, and how it signs. */
export async function signingKeys(key: KeyObject) {
  const algorithm = webAlgorithm(key);
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), algorithm, true, [
      "sign",
    ]),
    webcrypto.subtle.importKey(
      "spki",
      createPublicKey(key).export({ type: "spki", format: "der" }),
      algorithm,
      true,
      ["verify"],
    ),
  ]);
  return { keys: { privateKey, publicKey }, algorithm };
}

function webAlgorithm(key: KeyObject) {
  if (key.asymmetricKeyType === "ed25519") return { name: "Ed25519" };
  if (key.asymmetricKeyType === "rsa") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const { crv: namedCurve = "" } = createPublicKey(key).export({ format: "jwk" });
  return { name: "ECDSA", namedCurve, hash: HASHES[namedCurve] ?? "SHA-256" };
}

/** All forms of a key, by the vendor's names. */
export function formsOf(key: KeyObject) {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const ssh = openSshPublicBlob(key);
  return {
    id: createHash("sha1").update(spki).digest("hex"),
    outputs: {
      privateKeyPem: pemOf(key),
      privateKeyPemPkcs8: key.export({ type: "pkcs8", format: "pem" }).toString(),
      privateKeyOpenssh: openSshPrivateKey(key),
      publicKeyPem: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
      publicKeyOpenssh: `${ssh.type} ${ssh.blob.toString("base64")}\n`,
      publicKeyFingerprintMd5: hexPairs(createHash("md5").update(ssh.blob).digest("hex")),
      publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(ssh.blob).digest("base64").replace(/=+$/, "")}`,
    },
  };
}

/** The older form of each algorithm that has one. */
function pemOf(key: KeyObject): string {
  const type = { rsa: "pkcs1", ec: "sec1" } as const;
  if (key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ec") {
    return key.export({ type: type[key.asymmetricKeyType], format: "pem" }).toString();
  }
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

const hexPairs = (hex: string): string => (hex.match(/../g) ?? []).join(":");
