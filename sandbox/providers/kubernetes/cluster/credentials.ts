import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { ProviderError } from "../../kit/errors.ts";
import type { PlainValue } from "../../kit/values.ts";
import { listAt, mapAt, type PlainMap, textAt } from "../objects/object.ts";
import type { ClusterAccess } from "./access.ts";

/** What proves to the API server who we are, and to us which server it is. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Options of a TLS connection. */
  readonly tls: Readonly<Record<string, string | Buffer | boolean>>;
}

const runProgram = promisify(execFile);

/**
 * Credentials as a kubeconfig's entries have them: a token, a name and password, a client certificate, or a program that
 * tells them (`exec`, as `doctl` writes it). Throws `ProviderError` when the program does not.
 */
export async function credentialsOf(access: ClusterAccess): Promise<Credentials> {
  const { cluster, folder } = access;
  const user = { ...access.user, ...(await askProgram(access)) };
  const content = async (entry: PlainMap, field: string) => {
    const data = textAt(entry, `${field}-data`);
    if (data !== "") return Buffer.from(data, "base64");
    const path = textAt(entry, field);
    return path === "" ? undefined : readFile(resolve(folder, path));
  };
  const tokenFile = textAt(user, "tokenFile");
  const token =
    tokenFile === "" ? textAt(user, "token") : (await readFile(resolve(folder, tokenFile), "utf8")).trim();
  const tls = {
    ca: await content(cluster, "certificate-authority"),
    cert: await content(user, "client-certificate"),
    key: await content(user, "client-key"),
    servername: textAt(cluster, "tls-server-name") || undefined,
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] === true ? false : undefined,
  };
  return { headers: authorization(token, user), tls: withoutUndefined(tls) };
}

function authorization(token: string, user: PlainMap): Record<string, string> {
  if (token !== "") return { authorization: `Bearer ${token}` };
  const name = textAt(user, "username");
  if (name === "") return {};
  return { authorization: `Basic ${Buffer.from(`${name}:${textAt(user, "password")}`).toString("base64")}` };
}

/** Fields of a user's entry that a program gives, by the names they have in its answer. */
const PROGRAM_FIELDS: Readonly<Record<string, string>> = {
  token: "token",
  clientCertificateData: "client-certificate-data",
  clientKeyData: "client-key-data",
};

async function askProgram({ user, folder }: ClusterAccess): Promise<PlainMap> {
  const exec = mapAt(user, "exec");
  const command = textAt(exec, "command");
  if (command === "") return {};
  const variables = listAt(exec, "env").map((each) => [textAt(each, "name"), textAt(each, "value")]);
  const request = {
    apiVersion: textAt(exec, "apiVersion"),
    kind: "ExecCredential",
    spec: { interactive: false },
  };
  const options = {
    cwd: folder,
    env: { ...process.env, ...Object.fromEntries(variables), KUBERNETES_EXEC_INFO: JSON.stringify(request) },
  };
  try {
    const { stdout } = await runProgram(command, listAt(exec, "args").map(String), options);
    const status = mapAt(JSON.parse(stdout) as PlainValue, "status");
    return Object.fromEntries(
      Object.entries(PROGRAM_FIELDS).flatMap(([name, field]) => {
        const value = textAt(status, name);
        const isText = field.endsWith("-data");
        return value === "" ? [] : [[field, isText ? Buffer.from(value).toString("base64") : value]];
      }),
    );
  } catch (error) {
    throw new ProviderError(
      `the kubeconfig's program ${JSON.stringify(command)} gave no credentials: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function withoutUndefined<T>(values: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}
