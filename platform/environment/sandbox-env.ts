import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { RunningRecord } from "../../sandbox/daemon/record.ts";
import type { PlatformHome } from "../../sandbox/home.ts";
import type { ProviderName } from "../engine/plugins.ts";

/** What decides which variables reach the sandbox. */
interface SandboxEnvOptions {
  readonly record: Pick<RunningRecord, "ports" | "apiToken" | "spacesAccessKeyId" | "spacesSecretAccessKey">;
  readonly home: Pick<PlatformHome, "state" | "passphrase">;
  /** The providers whose stand-ins the engine attaches to; the others are the vendor's. */
  readonly standIns: readonly ProviderName[];
}

/**
 * The environment variables with which `pulumi`, or the engine that this command drives, reaches the running sandbox.
 */
export function sandboxEnv({ record, home, standIns }: SandboxEnvOptions): Record<string, string> {
  const { ports } = record;
  return {
    PULUMI_BACKEND_URL: stateUrl(home),
    PULUMI_CONFIG_PASSPHRASE_FILE: home.passphrase,
    DIGITALOCEAN_API_URL: `http://127.0.0.1:${ports.api}`,
    DIGITALOCEAN_TOKEN: record.apiToken,
    SPACES_ACCESS_KEY_ID: record.spacesAccessKeyId,
    SPACES_SECRET_ACCESS_KEY: record.spacesSecretAccessKey,
    ...(standIns.includes("digitalocean") ? standInSpaces(ports.spaces) : vendorSpaces(ports.spaces)),
    ...(standIns.length === 0
      ? {}
      : {
          PULUMI_DEBUG_PROVIDERS: standIns.map((name) => `${name}:${ports[name]}`).join(","),
          // Or else the engine looks for the plugins of its state on the internet: seconds before each command begins.
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        }),
  };
}

/**
 * Pulumi's file backend for what is deployed into the sandbox. Beside each file the backend would keep another, with
 * attributes that nobody needs, which it does not write in one step: an engine that is killed meanwhile leaves it empty,
 * and then the state counts as unreadable.
 */
export const stateUrl = (home: Pick<PlatformHome, "state">): string =>
  `${pathToFileURL(home.state).href}?metadata=skip`;

/**
 * What `pulumi` and the vendor's plugin do not read, and other clients do: `doctl` the token by this name, the SDKs and
 * command lines for S3 the rest. Those that were made for AWS look for the region by either name.
 */
export const clientEnv = ({ record }: Pick<SandboxEnvOptions, "record">): Record<string, string> => ({
  DIGITALOCEAN_ACCESS_TOKEN: record.apiToken,
  AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${record.ports.spaces}`,
  AWS_ACCESS_KEY_ID: record.spacesAccessKeyId,
  AWS_SECRET_ACCESS_KEY: record.spacesSecretAccessKey,
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
});

const standInSpaces = (port: number) => ({ SPACES_ENDPOINT_URL: `http://127.0.0.1:${port}` });

/**
 * The vendor's plugin puts the bucket before the host name, which an address of digits cannot bear: it is given a host
 * name that resolves nowhere, and the emulator as its proxy. Loopback addresses are never sent through a proxy.
 */
const vendorSpaces = (port: number) => ({
  SPACES_ENDPOINT_URL: "http://{{.Region}}.spaces.internal",
  HTTP_PROXY: `http://127.0.0.1:${port}`,
  NO_PROXY: "127.0.0.1,localhost",
});

/** The passphrase of the sandbox's own state, which is made at its first use. */
export function ensurePassphrase(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/** The variables as commands for `sh`. */
export function shellExports(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${shellQuote(value)}`)
    .join("\n");
}

/** Puts a folder before what the shell's `PATH` holds then. */
export const pathExport = (folder: string): string => `export PATH=${shellQuote(folder)}:"$PATH"`;

const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
