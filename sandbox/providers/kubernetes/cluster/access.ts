import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { ProviderError } from "../../kit/errors.ts";
import { listAt, mapAt, type PlainMap, textAt } from "../objects/object.ts";

/** Which cluster to talk to, and as whom: the entries of a kubeconfig that a context leads to. */
export interface ClusterAccess {
  /** The API server's URL. */
  readonly server: string;
  /** The namespace of the context; `default` when it names none. */
  readonly namespace: string;
  /** The entry of the cluster, as the kubeconfig has it. */
  readonly cluster: PlainMap;
  /** The entry of the user, as the kubeconfig has it; empty when the context names none. */
  readonly user: PlainMap;
  /** The folder that paths in the entries start from. */
  readonly folder: string;
  /** The same for the same server and the same credentials. */
  readonly fingerprint: string;
}

/** What chooses among the entries of a kubeconfig. */
export interface AccessOptions {
  /** The text of a kubeconfig (YAML or JSON) or the path of one; undefined: `$KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig: string | undefined;
  /** Default: the file's current context. */
  readonly context: string | undefined;
  /** A cluster in place of the context's own. */
  readonly cluster: string | undefined;
}

/** Reads a kubeconfig. Throws `ProviderError` that says what is missing. */
export function clusterAccess(options: AccessOptions): ClusterAccess {
  const { content, folder } = loadKubeconfig(options.kubeconfig);
  const contextName = options.context ?? textAt(content, "current-context");
  const context = entryOf(content, "context", contextName);
  if (context === undefined) throw new ProviderError(missingContext(content, contextName));
  const clusterName = options.cluster ?? textAt(context, "cluster");
  const cluster = entryOf(content, "cluster", clusterName);
  const server = textAt(cluster, "server");
  if (cluster === undefined || !URL.canParse(server)) {
    throw new ProviderError(
      `the kubeconfig's context ${JSON.stringify(contextName)} leads to the cluster ${JSON.stringify(clusterName)}, ` +
        `which ${cluster === undefined ? "is not in it" : "has no server's URL"}`,
    );
  }
  const user = entryOf(content, "user", textAt(context, "user")) ?? {};
  return {
    server: server.replace(/\/$/, ""),
    namespace: textAt(context, "namespace") || "default",
    cluster,
    user,
    folder,
    fingerprint: createHash("sha256")
      .update(JSON.stringify([cluster, user, folder]))
      .digest("hex"),
  };
}

/** What tells one cluster from another: the entry a kubeconfig's context leads to. Undefined when there is none. */
export function clusterIdentity(options: AccessOptions): string | undefined {
  try {
    return JSON.stringify(clusterAccess(options).cluster);
  } catch {
    return undefined;
  }
}

/** The entry of that name in the list `clusters`, `users` or `contexts`. */
function entryOf(
  content: PlainMap,
  kind: "cluster" | "user" | "context",
  name: string,
): PlainMap | undefined {
  const entry = listAt(content, `${kind}s`).find((each) => textAt(each, "name") === name);
  return entry === undefined ? undefined : mapAt(entry, kind);
}

function missingContext(content: PlainMap, name: string): string {
  if (name === "") return "the kubeconfig names no current context: set `context` of the provider";
  const known = listAt(content, "contexts").map((each) => textAt(each, "name"));
  return `the kubeconfig has no context ${JSON.stringify(name)}; it has ${known.join(", ") || "none"}`;
}

function loadKubeconfig(pathOrText: string | undefined): { content: PlainMap; folder: string } {
  const given = pathOrText || process.env.KUBECONFIG || join(homedir(), ".kube", "config");
  const path = given.replace(/^~(?=$|\/)/, homedir());
  const isFile = !given.includes("\n") && existsSync(path);
  if (!isFile && !pathOrText) {
    throw new ProviderError(
      "there is no kubeconfig: give the provider a `kubeconfig`, or set KUBECONFIG, or write ~/.kube/config",
    );
  }
  const content = readYaml(isFile ? readFileSync(path, "utf8") : given);
  if (listAt(content, "clusters").length === 0) {
    throw new ProviderError(
      "the provider's `kubeconfig` is neither the path of a kubeconfig nor the text of one",
    );
  }
  return { content, folder: isFile ? dirname(path) : process.cwd() };
}

/** A map, or an empty one when the text is no YAML. */
function readYaml(text: string): PlainMap {
  try {
    return mapAt(parse(text));
  } catch {
    return {};
  }
}
