import { RegistryError } from "./errors.ts";
import type { Repository } from "./model.ts";

/** What a path of the distribution API is about. */
export type Address = Repository &
  (
    | { readonly kind: "uploads" }
    | { readonly kind: "upload"; readonly reference: string }
    | { readonly kind: "blob"; readonly reference: string }
    | { readonly kind: "manifest"; readonly reference: string }
    | { readonly kind: "referrers"; readonly reference: string }
    | { readonly kind: "tags" }
  );

const shapes = [
  { kind: "uploads", pattern: /^(.+)\/blobs\/uploads\/?$/ },
  { kind: "upload", pattern: /^(.+)\/blobs\/uploads\/([^/]+)$/ },
  { kind: "blob", pattern: /^(.+)\/blobs\/([^/]+)$/ },
  { kind: "manifest", pattern: /^(.+)\/manifests\/([^/]+)$/ },
  { kind: "referrers", pattern: /^(.+)\/referrers\/([^/]+)$/ },
  { kind: "tags", pattern: /^(.+)\/tags\/list$/ },
] as const;

/** Segments of lower-case letters and digits with single `.`, one or two `_`, or any number of `-` between. */
const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const longestName = 255;

/** What a path below `/v2/` names. @throws RegistryError NAME_INVALID, or UNSUPPORTED where it names nothing */
export function parseAddress(path: string): Address {
  for (const { kind, pattern } of shapes) {
    const [, name, reference] = pattern.exec(path) ?? [];
    if (name !== undefined) return { kind, reference: reference ?? "", ...parseName(name) };
  }
  throw new RegistryError("UNSUPPORTED", "The operation is unsupported.", { status: 404 });
}

/**
 * A repository as clients address it: `registry/repository`.
 * @throws RegistryError NAME_INVALID
 */
export function parseName(name: string): Repository {
  const slash = name.indexOf("/");
  if (slash < 0 || name.length > longestName || !namePattern.test(name)) {
    throw new RegistryError("NAME_INVALID", "invalid repository name: name it <registry>/<repository>", {
      detail: { name },
    });
  }
  return { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
}
