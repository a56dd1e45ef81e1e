import { pathToFileURL } from "node:url";
import type { PlatformHome } from "../../sandbox/home.ts";
import { pluginChoice } from "../engine/plugins.ts";
import { usageError } from "../exit.ts";

/** Hosts of this machine, and the one under which the vendor's plugin reaches the sandbox's Spaces. */
const local = /^(localhost|127(\.\d+){3}|\[::1\]|(.+\.)?spaces\.internal)$/i;

/**
 * Makes sure that what is meant for DigitalOcean goes there: a shell that was pointed at the sandbox, and a command
 * without `--sandbox`, would deploy into the box and report that it is up in the cloud.
 *
 * @throws PlatformError with exit status 2 that lists what is in the way.
 */
export function requireCloud(env: NodeJS.ProcessEnv, home: Pick<PlatformHome, "state">): void {
  const inTheWay = [
    ...(pluginChoice(env) === "builtin"
      ? ["PLATFORM_PLUGINS=builtin: stand-ins never touch DigitalOcean itself"]
      : []),
    ...(env.PULUMI_DEBUG_PROVIDERS
      ? ["PULUMI_DEBUG_PROVIDERS: the engine would attach to stand-ins, or whatever else listens there"]
      : []),
    ...["DIGITALOCEAN_API_URL", "SPACES_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"].flatMap((name) =>
      isLocal(env[name]) ? [`${name}=${env[name]}: that is this machine`] : [],
    ),
    ...(isSandboxState(home.state, env.PULUMI_BACKEND_URL)
      ? [`PULUMI_BACKEND_URL=${env.PULUMI_BACKEND_URL}: that is where the sandbox's state is kept`]
      : []),
  ];
  if (inTheWay.length === 0) return;
  throw usageError(
    [
      "Without --sandbox this goes to DigitalOcean, but the environment points elsewhere:",
      ...inTheWay.map((line) => `  - ${line}.`),
      'Add "--sandbox", or unset these variables; in a shell that evaluated "platform sandbox env", open another one.',
    ].join("\n"),
    { inTheWay: inTheWay.map((line) => line.replace(/[=:].*/s, "")) },
  );
}

/** The host may hold a template such as `{{.Region}}`, which no parser of addresses takes. */
const isLocal = (url: string | undefined): boolean =>
  local.test(/^(?:\w+:\/\/)?(\[[^\]]*\]|[^/:]*)/.exec(url ?? "")?.[1] ?? "");

/** Whether this is where `sandboxEnv` keeps state, with or without options behind it. */
const isSandboxState = (state: string, backend: string | undefined): boolean =>
  backend?.replace(/\/?(\?.*)?$/, "") === pathToFileURL(state).href;
