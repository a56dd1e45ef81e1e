import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { ProviderError } from "../../kit/errors.ts";

/** Which cluster to talk to, and as whom. */
export interface ClusterAccess {
  readonly kubeConfig: KubeConfig;
  /** The API server's URL. */
  readonly server: string;
  /** The namespace of the context; `default` when it names none. */
  readonly namespace: string;
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
  const kubeConfig = loadKubeConfig(options.kubeconfig);
  const contextName = options.context ?? kubeConfig.currentContext;
  const context = kubeConfig.getContextObject(contextName);
  if (context === null) {
    const known = kubeConfig.contexts.map((each) => each.name).join(", ");
    throw new ProviderError(
      contextName
        ? `the kubeconfig has no context ${JSON.stringify(contextName)}; it has ${known || "none"}`
        : "the kubeconfig names no current context: set `context` of the provider",
    );
  }
  if (options.cluster !== undefined) {
    kubeConfig.contexts = kubeConfig.contexts.map((each) =>
      each.name === contextName ? { ...each, cluster: options.cluster ?? each.cluster } : each,
    );
  }
  kubeConfig.setCurrentContext(contextName);
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null || !cluster.server) {
    throw new ProviderError(
      `the kubeconfig's context ${JSON.stringify(contextName)} leads to no cluster with a server`,
    );
  }
  const identity = JSON.stringify([cluster, kubeConfig.getCurrentUser()]);
  return {
    kubeConfig,
    server: cluster.server,
    namespace: context.namespace || "default",
    fingerprint: createHash("sha256").update(identity).digest("hex"),
  };
}

/** What tells one cluster from another: the entry a kubeconfig's context leads to. Undefined when there is none. */
export function clusterIdentity(options: AccessOptions): string | undefined {
  try {
    return JSON.stringify(clusterAccess(options).kubeConfig.getCurrentCluster());
  } catch {
    return undefined;
  }
}

function loadKubeConfig(pathOrText: string | undefined): KubeConfig {
  const kubeConfig = new KubeConfig();
  const given = pathOrText || process.env.KUBECONFIG || join(homedir(), ".kube", "config");
  const path = given.replace(/^~(?=$|\/)/, homedir());
  const isFile = !given.includes("\n") && existsSync(path);
  if (!isFile && !pathOrText) {
    throw new ProviderError(
      "there is no kubeconfig: give the provider a `kubeconfig`, or set KUBECONFIG, or write ~/.kube/config",
    );
  }
  try {
    kubeConfig.loadFromString(isFile ? readFileSync(path, "utf8") : given);
  } catch (error) {
    throw new ProviderError(
      `the kubeconfig is neither the path of a file nor the text of one: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (isFile) kubeConfig.makePathsAbsolute(join(path, ".."));
  return kubeConfig;
}
