import { type PlainMap, textAt } from "../objects/object.ts";
import type { ClusterAccess } from "./access.ts";

/** What proves to the API server who we are, and to us which server it is. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Options of a TLS connection. */
  readonly tls: Readonly<Record<string, string | Buffer | boolean>>;
}

/** Credentials as a kubeconfig's entries hold them: a token, a name and password, or a client certificate. */
export function credentialsOf({ cluster, user }: Pick<ClusterAccess, "cluster" | "user">): Credentials {
  const tls = {
    ca: contentOf(cluster, "certificate-authority-data"),
    cert: contentOf(user, "client-certificate-data"),
    key: contentOf(user, "client-key-data"),
    servername: textAt(cluster, "tls-server-name") || undefined,
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] === true ? false : undefined,
  };
  return { headers: authorization(user), tls: withoutUndefined(tls) };
}

function contentOf(entry: PlainMap, field: string): Buffer | undefined {
  const data = textAt(entry, field);
  return data === "" ? undefined : Buffer.from(data, "base64");
}

function authorization(user: PlainMap): Record<string, string> {
  const token = textAt(user, "token");
  if (token !== "") return { authorization: `Bearer ${token}` };
  const name = textAt(user, "username");
  if (name === "") return {};
  return { authorization: `Basic ${Buffer.from(`${name}:${textAt(user, "password")}`).toString("base64")}` };
}

function withoutUndefined<T>(values: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}
