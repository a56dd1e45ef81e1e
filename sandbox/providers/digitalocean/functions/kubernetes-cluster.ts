import { type PlainValue, ProviderError } from "../../kit/index.ts";
import { type Fields, list, object, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { kubernetesCluster } from "../resources/kubernetes-cluster.ts";
import { clusterDocument } from "../support/clusters.ts";
import { credentials } from "../support/kubeconfig.ts";
import { poolDocument } from "../support/nodes.ts";

const { clusterUrn, ...outputs } = kubernetesCluster.outputs;
const {
  controlPlaneFirewall,
  destroyAllAssociatedResources: _destroy,
  maintenancePolicy,
  nodePool,
  registryIntegration: _registry,
  ...shared
} = kubernetesCluster.inputs;

/** What a program may say: plugins and the like are asked for only to be told. */
const ASKED = [
  ...["amdGpuDeviceMetricsExporterPlugin", "amdGpuDevicePlugin", "clusterAutoscalerConfigurations"],
  ...["corednsAutoscaler", "kubeconfigExpireSeconds", "nvidiaGpuDevicePlugin", "p2pOciRegistryPlugin"],
  ...["rdmaSharedDevicePlugin", "routingAgent", "ssos", "tags"],
];

const isAsked = (property: string) => ASKED.includes(property);
const only = (fields: Fields, wanted: (property: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([property]) => wanted(property)));

/** The plugin's resource has one of what its function has a list of. */
const listOf = (field: Fields[string] | undefined) => list(field ?? object({}));

/** A Kubernetes cluster that exists already. */
export const getKubernetesCluster: FunctionDefinition = {
  token: functionToken("getKubernetesCluster"),
  noun: "getKubernetesCluster",
  inputs: { ...only(shared, isAsked), name: string({ required: true }) },
  outputs: {
    ...outputs,
    ...only(shared, (property) => !isAsked(property) && property !== "name"),
    controlPlaneFirewalls: listOf(controlPlaneFirewall),
    id: string(),
    maintenancePolicies: listOf(maintenancePolicy),
    nodePools: listOf(nodePool),
    ...(clusterUrn === undefined ? {} : { urn: clusterUrn }),
  },
  async answer(inputs, operation) {
    const clusters = await operation.api.list(
      "/v2/kubernetes/clusters",
      "kubernetes_clusters",
      operation.signal,
    );
    const found = clusters.find((cluster) => cluster.name === inputs.name);
    if (found === undefined)
      throw new ProviderError(`there is no Kubernetes cluster named ${String(inputs.name)}`);
    const many = (value: PlainValue | undefined): PlainMap[] => (isPlainMap(value) ? [value] : []);
    const pools = Array.isArray(found.node_pools) ? found.node_pools.filter(isPlainMap) : [];
    return {
      ...clusterDocument(found, {}),
      control_plane_firewalls: many(found.control_plane_firewall),
      maintenance_policies: many(found.maintenance_policy),
      node_pools: pools.map((pool) => poolDocument(pool, true)),
      kube_configs: [await credentials(found, inputs, operation)],
    };
  },
};
