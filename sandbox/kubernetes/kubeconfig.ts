/** Kubeconfigs: for people as DOKS writes them, and for the control plane's own programs. */
import { stringify } from "yaml";
import type { KeyPair } from "../certificates.ts";
import type { ClusterCredentials } from "./runtime.ts";

/** How a caller proves who it is: a bearer token, or a client certificate. */
type UserAuthentication = { token: string } | { clientCertificate: KeyPair };

interface KubeconfigParts {
  clusterName: string;
  userName: string;
  server: string;
  /** PEM in base64. */
  certificateAuthorityData: string;
  user: UserAuthentication;
}

/** The kubeconfig that `GET /v2/kubernetes/clusters/<id>/kubeconfig` answers: context `do-<region>-<name>`, user `...-admin`. */
export function administratorKubeconfig(
  cluster: { name: string; region: string },
  credentials: ClusterCredentials,
): string {
  const clusterName = `do-${cluster.region}-${cluster.name}`;
  return writeKubeconfig({
    clusterName,
    userName: `${clusterName}-admin`,
    server: credentials.server,
    certificateAuthorityData: credentials.certificateAuthorityData,
    user: { token: credentials.token },
  });
}

/** A kubeconfig with a client certificate, for a program of the control plane. */
export function componentKubeconfig(parts: {
  server: string;
  authority: string;
  userName: string;
  clientCertificate: KeyPair;
}): string {
  return writeKubeconfig({
    clusterName: "cluster",
    userName: parts.userName,
    server: parts.server,
    certificateAuthorityData: base64(parts.authority),
    user: { clientCertificate: parts.clientCertificate },
  });
}

export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function writeKubeconfig(parts: KubeconfigParts): string {
  const user =
    "token" in parts.user
      ? { token: parts.user.token }
      : {
          "client-certificate-data": base64(parts.user.clientCertificate.certificate),
          "client-key-data": base64(parts.user.clientCertificate.key),
        };
  return stringify(
    {
      apiVersion: "v1",
      clusters: [
        {
          cluster: {
            "certificate-authority-data": parts.certificateAuthorityData,
            server: parts.server,
          },
          name: parts.clusterName,
        },
      ],
      contexts: [{ context: { cluster: parts.clusterName, user: parts.userName }, name: parts.clusterName }],
      "current-context": parts.clusterName,
      kind: "Config",
      preferences: {},
      users: [{ name: parts.userName, user }],
    },
    { lineWidth: 0 },
  );
}
