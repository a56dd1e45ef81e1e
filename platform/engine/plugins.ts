import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { usageError } from "../exit.ts";

/** The providers the stacks use. */
export const providers = ["digitalocean", "kubernetes", "random", "tls", "docker-build"] as const;

export type ProviderName = (typeof providers)[number];

/** `auto` takes the vendor's plugin where it is found, else the stand-in. */
const pluginChoices = ["auto", "vendor", "builtin"] as const;

type PluginChoice = (typeof pluginChoices)[number];

/** What `PLATFORM_PLUGINS` says; `auto` when it says nothing. @throws PlatformError with exit status 2. */
export function pluginChoice(env: NodeJS.ProcessEnv): PluginChoice {
  const given = env.PLATFORM_PLUGINS || "auto";
  const choice = pluginChoices.find((known) => known === given);
  if (choice !== undefined) return choice;
  throw usageError(`PLATFORM_PLUGINS is "${given}"; it can be ${pluginChoices.join(", ")}.`);
}

/**
 * The providers for which the sandbox's stand-in takes the place of the vendor's plugin.
 *
 * @param choice What the operator wants.
 * @param found Whether the vendor's plugin of a provider is on this machine.
 */
export function standIns(
  choice: PluginChoice,
  found: (provider: ProviderName) => boolean,
): readonly ProviderName[] {
  if (choice === "vendor") return [];
  return choice === "builtin" ? providers : providers.filter((provider) => !found(provider));
}

/**
 * Whether the engine would find the vendor's plugin without fetching it: in Pulumi's cache in the version that the
 * SDK asks for, on the PATH, or beside the engine itself.
 */
export function vendorPluginFound(
  provider: ProviderName,
  enginePath: string,
  env: NodeJS.ProcessEnv,
): boolean {
  const program = `pulumi-resource-${provider}`;
  const pulumiHome = env.PULUMI_HOME || join(homedir(), ".pulumi");
  const cached = join(pulumiHome, "plugins", `resource-${provider}-v${sdkVersion(provider)}`, program);
  const folders = [...(env.PATH ?? "").split(delimiter), dirname(enginePath)];
  return existsSync(cached) || folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}

const manifestSchema = z.object({ version: z.string() });

function sdkVersion(provider: ProviderName): string {
  const manifest: unknown = createRequire(import.meta.url)(`@pulumi/${provider}/package.json`);
  return manifestSchema.parse(manifest).version;
}
