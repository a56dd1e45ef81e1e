import { ProviderError } from "../../kit/index.ts";
import { boolean, integer, list, object, set, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { databaseCluster } from "../resources/database-cluster.ts";
import { databaseDocument } from "../support/databases.ts";

const { clusterUrn, ...outputs } = databaseCluster.outputs;

/** A managed database that exists already. */
export const getDatabaseCluster: FunctionDefinition = {
  token: functionToken("getDatabaseCluster"),
  noun: "getDatabaseCluster",
  inputs: { name: string({ required: true }), tags: set(string()) },
  outputs: {
    ...outputs,
    engine: string(),
    id: string(),
    maintenanceWindows: list(object({ day: string(), hour: string() })),
    nodeCount: integer({ wire: "num_nodes" }),
    privateNetworkUuid: string(),
    projectId: string(),
    region: string(),
    size: string(),
    storageAutoscales: list(
      object({ enabled: boolean(), incrementGib: integer(), thresholdPercent: integer() }),
    ),
    storageSizeMib: string(),
    ...(clusterUrn === undefined ? {} : { urn: clusterUrn }),
    version: string(),
  },
  async answer(inputs, { api, signal }) {
    const clusters = await api.list("/v2/databases", "databases", signal);
    const found = clusters.find((cluster) => cluster.name === inputs.name);
    if (found === undefined)
      throw new ProviderError(`there is no database cluster named ${String(inputs.name)}`);
    const known: PlainMap = { maintenanceWindows: [] };
    const autoscale = isPlainMap(found.autoscale) ? found.autoscale.storage : undefined;
    return {
      ...databaseDocument(found, known),
      storage_autoscales: isPlainMap(autoscale) ? [autoscale] : [],
    };
  },
};
