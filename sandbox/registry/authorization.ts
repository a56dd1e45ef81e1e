import { parseName } from "./address.ts";
import { bearerSeconds, type Grant, type RegistryCredentials, type Scope } from "./credentials.ts";
import { RegistryError } from "./errors.ts";
import type { FindRules } from "./rules.ts";

/** Whose tokens they are: the name by which the real registry goes. */
export const registryService = "registry.digitalocean.com";

/** Where bearer tokens are given out, on the registry's own address. */
export const tokenPath = "/v2/registry/auth";

/** What a request needs before it is carried out. */
export type Need = { readonly name: string; readonly action: "pull" | "push" | "delete" } | undefined;

/** Lets a request pass that brings a bearer token for what it needs. @throws RegistryError UNAUTHORIZED with a challenge */
export function authorise(
  credentials: RegistryCredentials,
  header: string | undefined,
  realm: string,
  need: Need,
): readonly Scope[] {
  const scopes = credentials.scopesOf(/^Bearer (.+)$/i.exec(header ?? "")?.[1] ?? "");
  if (scopes !== undefined && (need === undefined || allows(scopes, need.name, need.action))) return scopes;
  const asked = need && `repository:${need.name}:${need.action === "push" ? "pull,push" : need.action}`;
  const challenge = [
    `realm="${realm}"`,
    `service="${registryService}"`,
    ...(asked === undefined ? [] : [`scope="${asked}"`]),
    ...(scopes === undefined ? [] : ['error="insufficient_scope"']),
  ];
  throw new RegistryError("UNAUTHORIZED", "authentication required", {
    headers: { "www-authenticate": `Bearer ${challenge.join(",")}` },
    detail: need,
  });
}

/** Whether bearer scopes cover an action. */
export const allows = (scopes: readonly Scope[], name: string, action: string): boolean =>
  scopes.some((scope) => scope.name === name && scope.actions.includes(action));

/** Gives out a bearer token for what is asked and allowed of it. @throws RegistryError UNAUTHORIZED */
export function giveToken(
  credentials: RegistryCredentials,
  findRules: FindRules,
  header: string | undefined,
  asked: readonly string[],
): { token: string; access_token: string; expires_in: number } {
  const [user = "", password = ""] = basicCredentials(header);
  const grant = credentials.check(user, password);
  if (grant === undefined) {
    throw new RegistryError("UNAUTHORIZED", "authentication required", {
      headers: { "www-authenticate": `Basic realm="${registryService}"` },
    });
  }
  const scopes = asked.flatMap((text) => text.split(" ")).flatMap((text) => allowed(grant, findRules, text));
  const token = credentials.bearer(password, scopes);
  return { token, access_token: token, expires_in: bearerSeconds };
}

function basicCredentials(header: string | undefined): readonly string[] {
  const encoded = /^Basic (.+)$/i.exec(header ?? "")?.[1] ?? "";
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? [] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** What of a scope (`repository:registry/name:pull,push`) a grant covers; less than asked is no fault. */
function allowed(grant: Grant, findRules: FindRules, text: string): Scope[] {
  const [, name, actions] = /^repository:([^:]+):(.+)$/.exec(text) ?? [];
  if (name === undefined || actions === undefined || !name.includes("/")) return [];
  const { registry } = parseName(name);
  if (grant.registry !== undefined && grant.registry !== registry) return [];
  const writable = grant.readWrite && findRules(registry)?.readOnly !== true;
  return [{ name, actions: actions.split(",").filter((action) => action === "pull" || writable) }];
}
