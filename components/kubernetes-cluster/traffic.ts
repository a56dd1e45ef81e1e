import { type Call, type Declaration, declareParty, type Party } from "../traffic/declaration.ts";

/** Kubernetes itself, which some pods ask about others. */
export const kubernetesApi = declareParty(
  "kubernetes-api",
  // DigitalOcean runs it, and does not promise where: the ports alone are narrow.
  { kind: "outside", addresses: "anywhere" },
  { listens: { service: { port: 443 }, direct: { port: 6443 } } },
);

/** The kubelet of each node, which asks the API who may be answered. */
export const kubelets = declareParty(
  "kubelets",
  { kind: "nodes" },
  { listens: { metrics: { port: 10_250 } } },
);

/** The cluster's resolver; DigitalOcean's, so that no policy of ours guards it. */
export const clusterNames = declareParty(
  "cluster-names",
  { kind: "pods", namespace: "kube-system", label: ["k8s-app", "kube-dns"] },
  { listens: { udp: { port: 53, protocol: "udp" }, tcp: { port: 53 } } },
);

const resolution: readonly Call[] = Object.values(clusterNames.at).map((to) => ({ to, purpose: "names" }));

/**
 * Declares pods of the cluster, which all ask the cluster's resolver for names.
 *
 * @param name what they bear as `app.kubernetes.io/name`: the `component` of their Workload
 * @param namespace short name of their namespace, such as `application`
 */
export function declarePods<const Ports extends string = never>(
  name: string,
  namespace: string,
  { calls = [], ...declaration }: Declaration<Ports>,
): Party<Ports> {
  return declareParty(
    name,
    { kind: "pods", namespace, label: ["app.kubernetes.io/name", name] },
    { ...declaration, calls: [...resolution, ...calls] },
  );
}
