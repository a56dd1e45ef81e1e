import { stringify } from "yaml";
import type { Operation } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";

/**
 * Credentials for a cluster's API server: those in the state as long as they hold, else fresh ones. So a refresh of a
 * cluster that did not change shows no change.
 */
export async function credentials(
  cluster: PlainMap,
  known: PlainMap,
  operation: Operation,
): Promise<PlainMap> {
  const [kept] = Array.isArray(known.kubeConfigs) ? known.kubeConfigs.filter(isPlainMap) : [];
  if (kept !== undefined && Date.parse(String(kept.expiresAt)) > Date.now()) return toWireNames(kept);
  const seconds = known.kubeconfigExpireSeconds;
  const query = seconds === undefined ? "" : `?expiry_seconds=${String(seconds)}`;
  const path = `/v2/kubernetes/clusters/${String(cluster.id)}/credentials${query}`;
  const issued = await operation.api.get(path, operation.signal);
  const decoded = (value: string) => Buffer.from(String(issued[value] ?? ""), "base64").toString("utf8");
  const context = `do-${String(cluster.region)}-${String(cluster.name)}`;
  return {
    cluster_ca_certificate: issued.certificate_authority_data ?? "",
    client_certificate: decoded("client_certificate_data"),
    client_key: decoded("client_key_data"),
    expires_at: issued.expires_at ?? "",
    host: issued.server ?? "",
    token: issued.token ?? "",
    raw_config: kubeconfig(context, issued),
  };
}

/** A configuration file for kubectl, with one cluster, one user and one context. */
function kubeconfig(context: string, issued: PlainMap): string {
  const user = `${context}-admin`;
  const optional = (key: string, name: string) =>
    issued[key] === undefined || issued[key] === null || issued[key] === "" ? {} : { [name]: issued[key] };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        cluster: {
          "certificate-authority-data": issued.certificate_authority_data ?? "",
          server: issued.server ?? "",
        },
        name: context,
      },
    ],
    contexts: [{ context: { cluster: context, user }, name: context }],
    "current-context": context,
    users: [
      {
        name: user,
        user: {
          ...optional("client_certificate_data", "client-certificate-data"),
          ...optional("client_key_data", "client-key-data"),
          ...optional("token", "token"),
        },
      },
    ],
  });
}

/** What the state holds, in the words of a document. */
function toWireNames(kept: PlainMap): PlainMap {
  return {
    cluster_ca_certificate: kept.clusterCaCertificate ?? "",
    client_certificate: kept.clientCertificate ?? "",
    client_key: kept.clientKey ?? "",
    expires_at: kept.expiresAt ?? "",
    host: kept.host ?? "",
    token: kept.token ?? "",
    raw_config: kept.rawConfig ?? "",
  };
}
