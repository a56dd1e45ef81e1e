import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Crypter, openCrypter } from "../engine/passphrase.ts";
import { usageError } from "../exit.ts";
import type { EnvironmentFile } from "./settings.ts";

/** A configuration whose secrets, `{ secure }` at any depth, hold either ciphertext or plain text. */
export type Config = Readonly<Record<string, unknown>>;

/**
 * The committed configuration with its secrets in the clear, decrypted with the operator's passphrase; nothing when it
 * has no secrets.
 *
 * @throws PlatformError with exit status 2 when the passphrase is missing or wrong.
 */
export async function openSecrets(
  file: EnvironmentFile,
  env: NodeJS.ProcessEnv,
): Promise<Config | undefined> {
  if (!file.encrypted) return undefined;
  const name = `Pulumi.${file.environment}.yaml`;
  const { encryptionsalt: salt, config } = file.content;
  if (salt === undefined) {
    throw usageError(
      `${name} holds secrets that no passphrase has encrypted: it has no "encryptionsalt".\n` +
        "The sandbox can read those of a passphrase alone. Encrypt them with one: " +
        `pulumi stack change-secrets-provider passphrase --stack ${file.environment}`,
    );
  }
  const passphrase = operatorPassphrase(env);
  if (passphrase === undefined) {
    throw usageError(
      `${name} holds encrypted values, and their passphrase is not given.\n` +
        "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, also for the sandbox.",
    );
  }
  const crypter = await openCrypter(passphrase.text, salt);
  if (crypter === undefined) {
    throw usageError(
      `${passphrase.variable} holds another passphrase than the one that encrypted the values in ${name}.\n` +
        "Set the one with which they were set; nothing was started.",
    );
  }
  return mapSecrets(config, (value, path) => decrypted(crypter, value, `${path} in ${name}`));
}

/** The configuration with its secrets encrypted. */
export const sealSecrets = (config: Config, crypter: Crypter): Config =>
  mapSecrets(config, (value) => crypter.encrypt(value));

/**
 * The operator's passphrase, found as Pulumi finds it: an empty one is one too.
 *
 * @throws PlatformError with exit status 2 when its file cannot be read.
 */
export function operatorPassphrase(
  env: NodeJS.ProcessEnv,
): { readonly text: string; readonly variable: string } | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: file } = env;
  if (text !== undefined) return { text, variable: "PULUMI_CONFIG_PASSPHRASE" };
  if (!file) return undefined;
  const variable = "PULUMI_CONFIG_PASSPHRASE_FILE";
  try {
    return { text: readFileSync(resolve(file), "utf8").trim(), variable };
  } catch (error) {
    throw usageError(
      `${variable} names a file that cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function decrypted(crypter: Crypter, value: string, where: string): string {
  try {
    return crypter.decrypt(value);
  } catch {
    throw usageError(
      `${where} was encrypted with another passphrase or salt than the file's "encryptionsalt".\n` +
        "Set it anew with: pulumi config set --secret",
    );
  }
}

function mapSecrets(config: Config, change: (value: string, path: string) => string): Config {
  const mapped = (value: unknown, path: string): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => mapped(item, `${path}[${index}]`));
    if ("secure" in value && typeof value.secure === "string") return { secure: change(value.secure, path) };
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, mapped(member, `${path}.${key}`)]),
    );
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, mapped(value, key)]));
}
