import { type Fields, integer, list, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { uuid } from "../dsl/values.ts";
import { type PlainMap, toWire } from "../dsl/wire.ts";
import {
  missingNodes,
  node,
  poolBody,
  poolChange,
  poolDocument,
  poolRules,
  poolSettings,
} from "../support/nodes.ts";

const inputs: Fields = {
  ...poolSettings,
  clusterId: string({ required: true, replaces: true, rules: [uuid] }),
  name: name(),
};

function wireOf(news: PlainMap): PlainMap {
  const { cluster_id: _cluster, ...wire } = toWire(inputs, news);
  return wire;
}

/** A set of equal nodes of a cluster. */
export const kubernetesNodePool: ResourceDefinition = {
  token: resourceToken("KubernetesNodePool"),
  noun: "a node pool",
  inputs,
  schemaVersion: 1,
  rules: (checked) => poolRules([], checked),
  timeoutMs: 30 * 60 * 1000,
  outputs: { actualNodeCount: integer(), nodes: list(node) },
  operations: rest({
    inputs,
    path: (known) => `/v2/kubernetes/clusters/${String(known.clusterId)}/node_pools`,
    one: "node_pool",
    many: "node_pools",
    body: (news) => poolBody(wireOf(news), []),
    document: (found, known) => ({
      ...poolDocument(found, true),
      cluster_id: known.clusterId ?? "",
    }),
    ready: (document) => {
      const waiting = missingNodes(document);
      return waiting === undefined ? "ready" : { waiting };
    },
    change: { method: "PUT", body: (news) => poolChange(wireOf(news), []) },
    goesSlowly: true,
    importing: (id) => {
      const [clusterId = "", pool = id] = id.includes(",") ? id.split(",") : ["", id];
      return { id: pool, known: clusterId === "" ? {} : { clusterId } };
    },
  }),
};
