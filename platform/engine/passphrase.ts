import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/**
 * Encrypts and decrypts values as Pulumi's "passphrase" secrets provider does: what the engine has encrypted is read,
 * and what this encrypts the engine reads.
 */
export interface Crypter {
  /** The `encryptionsalt` that goes with the values in a stack's settings: salt, and a text to try a passphrase on. */
  readonly salt: string;
  encrypt(plaintext: string): string;
  /** @throws Error when the value was not encrypted with this passphrase and salt, or was tampered with. */
  decrypt(value: string): string;
}

/** Values and salts of this form are the only ones there have been. */
const version = "v1";

/** What the salt's own ciphertext says when the passphrase is right. */
const touchstone = "pulumi";

const cipher = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const saltBytes = 8;

/** Slow on purpose: about a third of a second. It is done beside this thread. */
const rounds = 1_000_000;

const deriveKey = promisify(pbkdf2);

/** A crypter with a salt of its own. */
export async function newCrypter(passphrase: string): Promise<Crypter> {
  const salt = randomBytes(saltBytes);
  const key = await deriveKey(passphrase, salt, rounds, keyBytes, "sha256");
  return crypterOf(key, [version, salt.toString("base64"), encrypt(key, touchstone)].join(":"));
}

/** The crypter of a passphrase and a stack's `encryptionsalt`; nothing when they do not go together. */
export async function openCrypter(passphrase: string, encryptionSalt: string): Promise<Crypter | undefined> {
  const [form, salt = "", ...sealed] = encryptionSalt.split(":");
  if (form !== version) return undefined;
  const key = await deriveKey(passphrase, Buffer.from(salt, "base64"), rounds, keyBytes, "sha256");
  const crypter = crypterOf(key, encryptionSalt);
  try {
    return crypter.decrypt(sealed.join(":")) === touchstone ? crypter : undefined;
  } catch {
    return undefined;
  }
}

const crypterOf = (key: Buffer, salt: string): Crypter => ({
  salt,
  encrypt: (plaintext) => encrypt(key, plaintext),
  decrypt: (value) => decrypt(key, value),
});

function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce);
  const sealed = Buffer.concat([sealing.update(plaintext, "utf8"), sealing.final(), sealing.getAuthTag()]);
  return [version, nonce.toString("base64"), sealed.toString("base64")].join(":");
}

function decrypt(key: Buffer, value: string): string {
  const [form, nonce = "", text = ""] = value.split(":");
  const sealed = Buffer.from(text, "base64");
  if (form !== version || sealed.length < tagBytes)
    throw new Error("This is no value that a passphrase encrypted.");
  const opening = createDecipheriv(cipher, key, Buffer.from(nonce, "base64"), { authTagLength: tagBytes });
  opening.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([opening.update(sealed.subarray(0, -tagBytes)), opening.final()]).toString("utf8");
}
