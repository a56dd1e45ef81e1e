/** What a fresh DOKS cluster holds before its owner adds anything, as far as programs look at it. */

import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesObject, V1Deployment, V1ServiceAccount } from "@kubernetes/client-node";
import { addressInRange } from "../ranges.ts";
import type { KubeApi } from "./api/kube-api.ts";
import type { ClusterSpec } from "./runtime.ts";
import { CSI_DRIVER, STORAGE_CLASSES } from "./volumes/storage-classes.ts";

/** In whose name kubeconfigs are handed out. */
export const ADMINISTRATOR = { namespace: "kube-system", name: "doks-administrator" } as const;

const DEFAULT_SERVICE_ACCOUNT_WITHIN_MS = 60_000;

/**
 * Makes the objects that are missing and waits until workloads can be made (the `default` service account is there).
 * @returns the administrator's service account's UID
 */
export async function bootstrap(api: KubeApi, spec: ClusterSpec, signal: AbortSignal): Promise<string> {
  await Promise.all(initialObjects(spec).map(({ collection, object }) => api.ensure(collection, object)));
  const deadline = Date.now() + DEFAULT_SERVICE_ACCOUNT_WITHIN_MS;
  while ((await api.find("/api/v1/namespaces/default/serviceaccounts/default")) === undefined) {
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new Error(
        "The namespace `default` has no service account after a minute: see kube-controller-manager's log.",
      );
    }
    await delay(25);
  }
  const administrator = await api.get<V1ServiceAccount>(
    `/api/v1/namespaces/${ADMINISTRATOR.namespace}/serviceaccounts/${ADMINISTRATOR.name}`,
  );
  return administrator.metadata?.uid ?? "";
}

interface InitialObject {
  collection: string;
  object: KubernetesObject;
}

function initialObjects(spec: ClusterSpec): InitialObject[] {
  const system = "/api/v1/namespaces/kube-system";
  const storage = "/apis/storage.k8s.io/v1";
  return [
    {
      collection: `${system}/serviceaccounts`,
      object: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: ADMINISTRATOR.name } },
    },
    {
      collection: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
      object: administratorBinding(),
    },
    ...STORAGE_CLASSES.map((object) => ({ collection: `${storage}/storageclasses`, object })),
    { collection: `${storage}/csidrivers`, object: CSI_DRIVER },
    { collection: `${system}/serviceaccounts`, object: coreDnsServiceAccount() },
    { collection: `${system}/configmaps`, object: coreDnsConfiguration() },
    { collection: `${system}/services`, object: coreDnsService(spec.serviceSubnet) },
    { collection: "/apis/apps/v1/namespaces/kube-system/deployments", object: coreDnsDeployment() },
  ];
}

function administratorBinding() {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: ADMINISTRATOR.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", ...ADMINISTRATOR }],
  };
}

const CORE_DNS_LABELS = { "k8s-app": "kube-dns" };

function coreDnsServiceAccount() {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "coredns", labels: CORE_DNS_LABELS } };
}

function coreDnsConfiguration() {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns" },
    data: {
      Corefile: [
        ".:53 {",
        "    errors",
        "    health",
        "    ready",
        "    kubernetes cluster.local in-addr.arpa ip6.arpa",
        "    prometheus :9153",
        "    forward . /etc/resolv.conf",
        "    cache 30",
        "    loop",
        "    reload",
        "    loadbalance",
        "    import custom/*.override",
        "}",
        "import custom/*.server",
        "",
      ].join("\n"),
    },
  };
}

/** Its address is the tenth of the service range, which is what every pod's resolver is given. */
function coreDnsService(serviceSubnet: string) {
  const port = (name: string, number: number, protocol: string) => ({
    name,
    port: number,
    targetPort: number,
    protocol,
  });
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", labels: { ...CORE_DNS_LABELS, "kubernetes.io/name": "CoreDNS" } },
    spec: {
      clusterIP: addressInRange(serviceSubnet, 10),
      selector: CORE_DNS_LABELS,
      ports: [port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9153, "TCP")],
    },
  };
}

function coreDnsDeployment(): V1Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", labels: CORE_DNS_LABELS },
    spec: {
      replicas: 2,
      selector: { matchLabels: CORE_DNS_LABELS },
      template: {
        metadata: { labels: CORE_DNS_LABELS },
        spec: {
          serviceAccountName: "coredns",
          priorityClassName: "system-cluster-critical",
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
          containers: [
            {
              name: "coredns",
              image: "registry.k8s.io/coredns/coredns:v1.13.1",
              args: ["-conf", "/etc/coredns/Corefile"],
              resources: { requests: { cpu: "100m", memory: "150M" }, limits: { memory: "150M" } },
              volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}
