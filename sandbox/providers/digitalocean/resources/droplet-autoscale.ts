import { type CheckFailure, isPropertyMap, type PropertyMap, unwrap } from "../../kit/index.ts";
import { waitUntil } from "../api/wait.ts";
import {
  boolean,
  type Fields,
  integer,
  list,
  name,
  number,
  object,
  set,
  string,
  tags,
} from "../dsl/fields.ts";
import { type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest, whenStatus } from "../dsl/rest.ts";
import { isPlainMap } from "../dsl/wire.ts";
import { goTime } from "../support/time.ts";

const inputs: Fields = {
  config: object(
    {
      cooldownMinutes: integer({ zero: true, min: 5, max: 20 }),
      maxInstances: integer({ zero: true, min: 1, max: 1_000 }),
      minInstances: integer({ zero: true, min: 1, max: 500 }),
      targetCpuUtilization: number({ zero: true, min: 0, max: 1 }),
      targetMemoryUtilization: number({ zero: true, min: 0, max: 1 }),
      targetNumberInstances: integer({ zero: true, min: 1, max: 1_000 }),
    },
    { required: true },
  ),
  dropletTemplate: object(
    {
      image: string({ required: true, minLength: 1 }),
      ipv6: boolean(),
      projectId: string({ zero: true }),
      publicNetworking: boolean({ computed: true }),
      region: string({ required: true, offer: "regions" }),
      size: string({ required: true, offer: "droplet sizes" }),
      sshKeys: set(string(), { required: true, minItems: 1 }),
      tags: tags(),
      userData: string({ zero: true, maxLength: 65_536 }),
      vpcUuid: string(),
      withDropletAgent: boolean(),
    },
    { required: true },
  ),
  name: name(),
};

const collection = rest({
  inputs,
  path: "/v2/droplets/autoscale",
  one: "autoscale_pool",
  many: "autoscale_pools",
  ready: whenStatus("active"),
  change: { method: "PUT" },
  document: (found) => {
    const utilisation = found.current_utilization;
    return {
      ...found,
      created_at: goTime(found.created_at),
      updated_at: goTime(found.updated_at),
      current_utilizations: isPlainMap(utilisation) ? [utilisation] : [],
    };
  },
});

const operations: Operations = {
  ...collection,
  // Deleting the pool alone would leave its droplets behind, which nobody would know of.
  async delete(id, known, operation) {
    await operation.api.delete(`/v2/droplets/autoscale/${id}/dangerous`, operation.signal, undefined, {
      "x-dangerous": "true",
    });
    await waitUntil(
      async () => ((await collection.read(id, known, operation)) === undefined ? true : undefined),
      {
        what: `autoscale pool ${id} and its droplets to be gone`,
        timeoutMs: operation.timeoutMs,
        signal: operation.signal,
      },
    );
  },
};

/** A pool has a fixed number of droplets, or bounds and a target: not both. */
function rules(checked: PropertyMap): CheckFailure[] {
  const config = unwrap(checked.config);
  if (!isPropertyMap(config)) return [];
  const says = (property: string) => config[property] !== undefined;
  const dynamic = ["minInstances", "maxInstances"].filter(says);
  if (says("targetNumberInstances") && dynamic.length > 0) {
    return [
      {
        path: ["config"],
        reason:
          "says a fixed number of droplets (targetNumberInstances) and bounds (minInstances, maxInstances): choose one",
      },
    ];
  }
  if (says("targetNumberInstances") || dynamic.length === 2) return [];
  return [{ path: ["config"], reason: "needs targetNumberInstances, or both minInstances and maxInstances" }];
}

/** A set of equal droplets whose number is kept, or follows a load. */
export const dropletAutoscale: ResourceDefinition = {
  token: resourceToken("DropletAutoscale"),
  noun: "a droplet autoscale pool",
  inputs,
  rules,
  outputs: {
    createdAt: string(),
    currentUtilizations: list(object({ cpu: number(), memory: number() })),
    status: string(),
    updatedAt: string(),
  },
  operations,
};
