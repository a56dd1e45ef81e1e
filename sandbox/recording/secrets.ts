/** What stands in the place of a secret. */
export const masked = "[secret]";

const secretHeaders =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-amz-security-token)$|-customer-key$/;

const secretParameters = /([?&](?:x-amz-signature|x-amz-security-token|signature|token)=)[^&#]*/gi;

/** Fields of the API's bodies whose text is a secret, whatever they stand in. */
const secretFields: ReadonlySet<string> = new Set([
  "access_key",
  "auth",
  "basic_auth_password",
  "client_key_data",
  "password",
  "private_key",
  "secret",
  "secret_key",
  "token",
  // What a machine is set up with: it may hold anything.
  "user_data",
]);

/** Secrets within a text: of a URL, of a kubeconfig, of a webhook, of a PEM file. */
const secretsInText: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(\w:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${masked}@`],
  [/^(\s*(?:token|password|client-key-data): )\S+$/gm, `$1${masked}`],
  [/(https:\/\/hooks\.[^\s/]+\/)[^\s"<]+/g, `$1${masked}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, masked],
];

/** Headers without the credentials in them. */
export function maskHeaders(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretHeaders.test(name) ? masked : value]),
  );
}

/** A path with its query, without the signature of a URL that was signed. */
export function maskUrl(url: string): string {
  return maskText(url.replace(secretParameters, `$1${masked}`));
}

/** What is nested deeper than anything a client means is not shown: writing it down could take the whole stack. */
const deepest = 100;

/** A body without its secrets: JSON by the names of its fields, text by what it looks like. */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === deepest) return "[nested deeper]";
  if (Array.isArray(value)) return value.map((inner) => maskSecrets(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretFields.has(name) && typeof inner === "string" && inner !== ""
        ? masked
        : maskSecrets(inner, depth + 1),
    ]),
  );
}

function maskText(text: string): string {
  return secretsInText.reduce((sofar, [pattern, replacement]) => sofar.replace(pattern, replacement), text);
}
