import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { usageError } from "../exit.ts";
import type { ProjectSettings } from "./project.ts";
import { openSecrets, operatorPassphrase } from "./secrets.ts";
import type { EnvironmentFile } from "./settings.ts";

const credentialsSchema = z.looseObject({ current: z.string().optional() });

/**
 * Makes sure that the engine will find where state is kept, before it starts: it says so itself, but in words for those
 * who typed `pulumi`.
 *
 * @returns The backend's URL; undefined for Pulumi Cloud with a token.
 * @throws PlatformError with exit status 2.
 */
export function requireLogin(settings: ProjectSettings, env: NodeJS.ProcessEnv): string | undefined {
  const backend = env.PULUMI_BACKEND_URL || settings.backend?.url || loggedInAt(env);
  if (backend !== undefined || env.PULUMI_ACCESS_TOKEN) return backend;
  throw usageError(
    "Nobody has said where the state is kept: Pulumi is not logged in.\n" +
      'Run "pulumi login" (with a URL for a backend of your own), or set PULUMI_BACKEND_URL, or PULUMI_ACCESS_TOKEN ' +
      'for Pulumi Cloud; or add "--sandbox", which keeps its own.',
  );
}

/**
 * Makes sure that the engine will find where state is kept, and what encrypts it.
 *
 * @returns Variables for the engine, which runs in another folder than the caller's.
 * @throws PlatformError with exit status 2.
 */
export async function requireBackend(
  settings: ProjectSettings,
  file: EnvironmentFile,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const backend = requireLogin(settings, env);
  // Pulumi Cloud, and a secrets provider of the team's, need no passphrase.
  const ownBackend = backend !== undefined && !/^https?:/.test(backend);
  if (!ownBackend || file.content.secretsprovider !== undefined) return {};
  if (operatorPassphrase(env) === undefined) {
    throw usageError(
      `State is kept at ${backend}, and the passphrase that encrypts its secrets is not given.\n` +
        "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
    );
  }
  await openSecrets(file, env);
  const { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile } = env;
  return passphraseFile ? { PULUMI_CONFIG_PASSPHRASE_FILE: resolve(passphraseFile) } : {};
}

/** The backend that `pulumi login` remembers. */
function loggedInAt(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || join(homedir(), ".pulumi");
  try {
    const saved = credentialsSchema.parse(JSON.parse(readFileSync(join(folder, "credentials.json"), "utf8")));
    return saved.current || undefined;
  } catch {
    return undefined;
  }
}
