import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
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
  /** The same for the same server and the same credentials. */
  readonly fingerprint: string;
}

/** What chooses among the entries of a kubeconfig. */
export interface AccessOptions {
  /** The text of a kubeconfig, YAML or JSON. */
  readonly kubeconfig: string | undefined;
  /** Default: the file's current context. */
  readonly context: string | undefined;
  /** A cluster in place of the context's own. */
  readonly cluster: string | undefined;
}

type Entries = Pick<ClusterAccess, "namespace" | "cluster" | "user">;

/** Reads a kubeconfig. Throws `ProviderError` that says what is missing, or what in it is not served. */
export function clusterAccess(options: AccessOptions): ClusterAccess {
  const entries = chosenEntries(options);
  const refused = refusalsOf(entries);
  if (refused.length > 0) throw new ProviderError(`the provider's \`kubeconfig\` ${refused.join("; ")}`);
  const { cluster, user, namespace } = entries;
  return {
    server: textAt(cluster, "server").replace(/\/$/, ""),
    namespace,
    cluster,
    user,
    fingerprint: createHash("sha256")
      .update(JSON.stringify([cluster, user]))
      .digest("hex"),
  };
}

/** What tells one cluster from another: the entry a kubeconfig's context leads to. Undefined when there is none. */
export function clusterIdentity(options: AccessOptions): string | undefined {
  const entries = entriesIfAny(options);
  return entries === undefined ? undefined : JSON.stringify(entries.cluster);
}

/** Everything in a kubeconfig that is not served here; empty as well when it leads to no cluster. */
export function accessRefusals(options: AccessOptions): string[] {
  const entries = entriesIfAny(options);
  return entries === undefined ? [] : refusalsOf(entries);
}

/** Fields that name files, by the entry they stand in. */
const CLUSTER_FILES = ["certificate-authority"];
const USER_FILES = ["client-certificate", "client-key", "tokenFile"];

/**
 * This provider listens for days, for whoever reaches its port, as the sandbox's owner: it runs no program, reads no file
 * and calls no other machine for a kubeconfig. Those of the sandbox's clusters ask for none of it.
 */
function refusalsOf({ cluster, user }: Entries): string[] {
  const server = textAt(cluster, "server");
  const files = [
    ...CLUSTER_FILES.filter((field) => textAt(cluster, field) !== ""),
    ...USER_FILES.filter((field) => textAt(user, field) !== ""),
  ];
  const program = textAt(mapAt(user, "exec"), "command");
  return [
    ...(isLoopback(server)
      ? []
      : [`leads to ${server}: the sandbox's kubernetes provider serves clusters on loopback only`]),
    ...(program === ""
      ? []
      : [
          `names the program ${JSON.stringify(program)} (exec): the sandbox runs none, put a token or a certificate into it`,
        ]),
    ...files.map((field) => `names a file (${field}): the sandbox reads none, put its content into it`),
  ];
}

function isLoopback(server: string): boolean {
  const host = new URL(server).hostname.replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || (ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback");
}

function entriesIfAny(options: AccessOptions): Entries | undefined {
  try {
    return chosenEntries(options);
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

function chosenEntries(options: AccessOptions): Entries {
  const content = readKubeconfig(options.kubeconfig);
  const contextName = options.context ?? textAt(content, "current-context");
  const context = entryOf(content, "context", contextName);
  if (context === undefined) throw new ProviderError(missingContext(content, contextName));
  const clusterName = options.cluster ?? textAt(context, "cluster");
  const cluster = entryOf(content, "cluster", clusterName);
  if (cluster === undefined || !URL.canParse(textAt(cluster, "server"))) {
    throw new ProviderError(
      `the kubeconfig's context ${JSON.stringify(contextName)} leads to the cluster ${JSON.stringify(clusterName)}, ` +
        `which ${cluster === undefined ? "is not in it" : "has no server's URL"}`,
    );
  }
  return {
    namespace: textAt(context, "namespace") || "default",
    cluster,
    user: entryOf(content, "user", textAt(context, "user")) ?? {},
  };
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

function readKubeconfig(text: string | undefined): PlainMap {
  if (text === undefined) {
    throw new ProviderError(
      "there is no kubeconfig: give the provider the text of one (the sandbox looks at neither KUBECONFIG nor ~/.kube/config)",
    );
  }
  const content = readYaml(text);
  if (listAt(content, "clusters").length === 0) {
    throw new ProviderError(
      "the provider's `kubeconfig` is not the text of a kubeconfig (the sandbox reads none from a path)",
    );
  }
  return content;
}

/** A map, or an empty one when the text is no YAML. */
function readYaml(text: string): PlainMap {
  try {
    return mapAt(parse(text));
  } catch {
    return {};
  }
}
