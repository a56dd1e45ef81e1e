/** How each program of a control plane is called. Everything listens on loopback or on a socket in the cluster's folder. */
import type { KubernetesPrograms } from "../../../toolchain/kubernetes.ts";
import type { Command } from "../../processes/supervised-process.ts";
import { type ClusterLayout, ETCD_PEER_SOCKET, ETCD_SOCKET } from "./layout.ts";

/** What the command lines depend on. */
export interface CommandContext {
  programs: KubernetesPrograms;
  layout: ClusterLayout;
  /** Port of the API server on 127.0.0.1. */
  port: number;
  serviceSubnet: string;
  clusterSubnet: string;
}

/** DOKS gives every node 128 addresses for pods. */
const NODE_CIDR_MASK_BITS = 25;
const ETCD_QUOTA_BYTES = 512 * 1024 * 1024;

/**
 * Two control planes must fit beside everything else in 2 GiB: collect garbage early rather than keep it.
 * The limit is soft; a busy program exceeds it instead of failing.
 */
function smallHeap(limitMib: number, gcPercent: number): Record<string, string> {
  return { GOGC: String(gcPercent), GOMEMLIMIT: `${limitMib}MiB` };
}

export function etcdCommand({ programs, layout }: CommandContext): Command {
  return {
    program: programs.etcd,
    args: [
      `--data-dir=${layout.etcdData}`,
      `--listen-client-urls=unix://${ETCD_SOCKET}`,
      // Advertised to members it will never have; the format wants a host and a port.
      "--advertise-client-urls=http://127.0.0.1:2379",
      "--enable-grpc-gateway=false",
      `--listen-peer-urls=unix://${ETCD_PEER_SOCKET}`,
      // A killed process loses nothing without fsync (the kernel has the pages); only a power cut would.
      "--unsafe-no-fsync",
      // Alone, it elects itself: no reason to wait the second that members far apart need.
      "--heartbeat-interval=20",
      "--election-timeout=200",
      `--quota-backend-bytes=${ETCD_QUOTA_BYTES}`,
      "--snapshot-count=5000",
      "--max-wals=1",
      "--max-snapshots=1",
      "--log-level=warn",
    ],
    env: smallHeap(48, 40),
  };
}

export function apiServerCommand(context: CommandContext): Command {
  const { layout, port, programs } = context;
  const pki = layout.pkiFile;
  return {
    program: programs.apiServer,
    args: [
      `--etcd-servers=unix://${ETCD_SOCKET}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${port}`,
      // An Endpoints object may not hold a loopback address; in-cluster clients do not run here.
      "--endpoint-reconciler-type=none",
      `--service-cluster-ip-range=${context.serviceSubnet}`,
      `--tls-cert-file=${pki("apiserver.crt")}`,
      `--tls-private-key-file=${pki("apiserver.key")}`,
      `--client-ca-file=${pki("ca.crt")}`,
      `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-username-headers=X-Remote-User",
      `--proxy-client-cert-file=${pki("front-proxy-client.crt")}`,
      `--proxy-client-key-file=${pki("front-proxy-client.key")}`,
      `--service-account-issuer=${SERVICE_ACCOUNT_ISSUER}`,
      `--service-account-key-file=${pki("service-account.pub")}`,
      `--service-account-signing-key-file=${pki("service-account.key")}`,
      "--authorization-mode=Node,RBAC",
      // Pod-security admission and the other defaults are on already.
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      "--profiling=false",
      "--event-ttl=1h",
      "--shutdown-delay-duration=0s",
      "--v=0",
    ],
    env: smallHeap(220, 30),
  };
}

export function controllerManagerCommand(context: CommandContext): Command {
  const { layout, programs } = context;
  const kubeconfig = layout.kubeconfig("controller-manager");
  return {
    program: programs.controllerManager,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--use-service-account-credentials=true",
      "--cloud-provider=external",
      "--allocate-node-cidrs=true",
      `--cluster-cidr=${context.clusterSubnet}`,
      `--node-cidr-mask-size=${NODE_CIDR_MASK_BITS}`,
      `--service-cluster-ip-range=${context.serviceSubnet}`,
      `--root-ca-file=${layout.pkiFile("ca.crt")}`,
      `--service-account-private-key-file=${layout.pkiFile("service-account.key")}`,
      `--cluster-signing-cert-file=${layout.pkiFile("ca.crt")}`,
      `--cluster-signing-key-file=${layout.pkiFile("ca.key")}`,
      // Nobody sends heartbeats: a node here is well until it is taken out.
      "--node-monitor-grace-period=87600h",
      "--kube-api-qps=200",
      "--kube-api-burst=400",
      "--profiling=false",
      "--v=0",
    ],
    env: smallHeap(80, 50),
  };
}

export function schedulerCommand(context: CommandContext): Command {
  const kubeconfig = context.layout.kubeconfig("scheduler");
  return {
    program: context.programs.scheduler,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--kube-api-qps=200",
      "--kube-api-burst=400",
      "--profiling=false",
      "--v=0",
    ],
    env: smallHeap(60, 50),
  };
}

export function kwokCommand({ layout, programs, clusterSubnet }: CommandContext): Command {
  return {
    program: programs.kwok,
    args: [
      `--kubeconfig=${layout.kubeconfig("administrator")}`,
      `--config=${layout.kwokConfig}`,
      `--cidr=${clusterSubnet}`,
      "--manage-all-nodes=true",
      // A lease names its holder: a KWOK started anew would wait for those of the old one to end.
      "--node-lease-duration-seconds=0",
      "--v=WARN",
    ],
    env: smallHeap(60, 50),
  };
}

/** Issuer of service accounts' tokens. */
export const SERVICE_ACCOUNT_ISSUER = "https://kubernetes.default.svc.cluster.local";
