/** Where a cluster keeps its files. Relative names are relative to the cluster's folder, which is its programs' working directory. */
import path from "node:path";

/** Sockets are named relative to the working directory: an absolute path may exceed the system's 108 bytes. */
export const ETCD_SOCKET = "etcd.sock";
export const ETCD_PEER_SOCKET = "etcd-peer.sock";

/** Absolute paths of everything in a cluster's folder. */
export interface ClusterLayout {
  directory: string;
  /** What must survive a restart: specification and port. */
  record: string;
  etcdData: string;
  pki: string;
  log: string;
  kubeconfig(user: KubeconfigUser): string;
  kwokConfig: string;
  pkiFile(name: PkiFile): string;
  logFile(program: string): string;
}

export type KubeconfigUser = "controller-manager" | "scheduler" | "administrator";

export type PkiFile =
  | "ca.crt"
  | "ca.key"
  | "apiserver.crt"
  | "apiserver.key"
  | "front-proxy-ca.crt"
  | "front-proxy-client.crt"
  | "front-proxy-client.key"
  | "administrator.crt"
  | "administrator.key"
  | "service-account.key"
  | "service-account.pub";

export function clusterLayout(directory: string): ClusterLayout {
  const pki = path.join(directory, "pki");
  const log = path.join(directory, "log");
  return {
    directory,
    record: path.join(directory, "cluster.json"),
    etcdData: path.join(directory, "etcd"),
    pki,
    log,
    kubeconfig: (user) => path.join(directory, `${user}.kubeconfig`),
    kwokConfig: path.join(directory, "kwok.yaml"),
    pkiFile: (name) => path.join(pki, name),
    logFile: (program) => path.join(log, `${program}.log`),
  };
}
