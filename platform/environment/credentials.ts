import { usageError } from "../exit.ts";

interface Credential {
  readonly variable: string;
  readonly purpose: string;
  /** Another variable that serves as well. */
  readonly alternative?: string;
}

const credentials: readonly Credential[] = [
  {
    variable: "DIGITALOCEAN_TOKEN",
    purpose: "a token of the account, with write access",
    alternative: "DIGITALOCEAN_ACCESS_TOKEN",
  },
  { variable: "SPACES_ACCESS_KEY_ID", purpose: "the id of a Spaces key with full access" },
  { variable: "SPACES_SECRET_ACCESS_KEY", purpose: "the secret of that Spaces key" },
];

/**
 * Makes sure that everything a deployment into DigitalOcean needs is at hand, before the engine starts.
 *
 * @throws PlatformError with exit status 2 that lists all that is missing.
 */
export function requireCredentials(env: NodeJS.ProcessEnv): void {
  const missing = credentials.filter(
    ({ variable, alternative }) => !env[variable] && !(alternative !== undefined && env[alternative]),
  );
  if (missing.length === 0) return;
  const lines = missing.map(({ variable, purpose }) => `  - ${variable}: ${purpose}`);
  throw usageError(
    [
      "DigitalOcean cannot be reached, because these environment variables are not set:",
      ...lines,
      'Set them, or add "--sandbox" to deploy into the sandbox, which needs no account.',
    ].join("\n"),
    { missing: missing.map(({ variable }) => variable) },
  );
}
