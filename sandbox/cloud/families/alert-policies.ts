import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, unprocessable } from "../errors.ts";
import type { CloudResource, Family } from "../family.ts";
import { listOf, tagList } from "../fields.ts";
import { notificationsSchema } from "./notifications.ts";
import { ensureTags } from "./tags.ts";

/** What can be watched: the types of policies below a prefix, and what their `entities` name. */
interface Watchable {
  readonly prefix: string;
  readonly metrics: readonly string[];
  /** The kind of thing whose ids are the entities; undefined where they are not checked. */
  readonly kind?: string;
}

const watchables: readonly Watchable[] = [
  {
    prefix: "v1/insights/droplet/",
    kind: "droplets",
    metrics: [
      "load_1",
      "load_5",
      "load_15",
      "memory_utilization_percent",
      "disk_utilization_percent",
      "cpu",
      "disk_read",
      "disk_write",
      "public_outbound_bandwidth",
      "public_inbound_bandwidth",
      "private_outbound_bandwidth",
      "private_inbound_bandwidth",
    ],
  },
  {
    prefix: "v1/insights/lbaas/",
    kind: "load_balancers",
    metrics: [
      "avg_cpu_utilization_percent",
      "connection_utilization_percent",
      "droplet_health",
      "tls_connections_per_second_utilization_percent",
      "increase_in_http_error_rate_percentage_5xx",
      "increase_in_http_error_rate_percentage_4xx",
      "increase_in_http_error_rate_count_5xx",
      "increase_in_http_error_rate_count_4xx",
      "high_http_request_response_time",
      "high_http_request_response_time_50p",
      "high_http_request_response_time_95p",
      "high_http_request_response_time_99p",
    ],
  },
  {
    prefix: "v1/dbaas/alerts/",
    kind: "databases",
    metrics: ["load_15_alerts", "memory_utilization_alerts", "disk_utilization_alerts", "cpu_alerts"],
  },
  {
    prefix: "v1/droplet/autoscale_alerts/",
    metrics: [
      "current_instances",
      "target_instances",
      "current_cpu_utilization",
      "target_cpu_utilization",
      "current_memory_utilization",
      "target_memory_utilization",
      "scale_up",
      "scale_down",
    ],
  },
];
const policyTypes = watchables.flatMap(({ prefix, metrics }) => metrics.map((metric) => prefix + metric));

const policyBody = z.strictObject({
  type: z.enum(policyTypes),
  description: z.string().min(1).max(255),
  compare: z.enum(["GreaterThan", "LessThan"]),
  value: z.number().min(0),
  window: z.enum(["5m", "10m", "30m", "1h"]),
  entities: listOf(z.union([z.string(), z.number()]).transform(String)),
  tags: tagList,
  alerts: notificationsSchema,
  enabled: z
    .boolean()
    .nullish()
    .transform((enabled) => enabled ?? true),
});

/** An alert policy as stored and as shown. */
interface AlertPolicy extends z.output<typeof policyBody> {
  readonly uuid: string;
  /** Bookkeeping, not shown. */
  readonly createdAt: string;
}

const collection = (store: Store) => store.collection<AlertPolicy>("alert_policies");

const list = endpoint({
  method: "GET",
  path: "/v2/monitoring/alerts",
  handle: ({ cloud, page }) => page("policies", collection(cloud.store).list().map(present)),
});

const create = endpoint({
  method: "POST",
  path: "/v2/monitoring/alerts",
  status: 200,
  body: policyBody,
  handle: ({ cloud, body }) => ({ policy: write(cloud, randomUUID(), body, cloud.timestamp()) }),
});

const read = endpoint({
  method: "GET",
  path: "/v2/monitoring/alerts/{alert_uuid}",
  handle: ({ cloud, params }) => ({ policy: present(findPolicy(cloud, params.alert_uuid)) }),
});

const update = endpoint({
  method: "PUT",
  path: "/v2/monitoring/alerts/{alert_uuid}",
  body: policyBody,
  handle: ({ cloud, params, body }) => {
    const { uuid, createdAt } = findPolicy(cloud, params.alert_uuid);
    return { policy: write(cloud, uuid, body, createdAt) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/monitoring/alerts/{alert_uuid}",
  handle: ({ cloud, params }) => {
    collection(cloud.store).delete(findPolicy(cloud, params.alert_uuid).uuid);
  },
});

function write(cloud: Cloud, uuid: string, body: z.output<typeof policyBody>, createdAt: string): object {
  const { kind } = watched(body.type);
  const missing = body.entities.filter(
    (id) =>
      kind !== undefined &&
      !cloud.resources().some((resource) => resource.kind === kind && resource.id === id),
  );
  if (missing.length > 0) {
    throw unprocessable(...missing.map((id) => `entities: there is no ${id} among the ${kind}`));
  }
  ensureTags(cloud, body.tags);
  const policy = { uuid, ...body, createdAt };
  collection(cloud.store).put(uuid, policy);
  return present(policy);
}

function watched(type: string): Watchable {
  return found(watchables.find(({ prefix }) => type.startsWith(prefix)));
}

function findPolicy(cloud: Cloud, uuid: string): AlertPolicy {
  return found(collection(cloud.store).get(uuid));
}

function present({ createdAt: _createdAt, ...policy }: AlertPolicy): object {
  return policy;
}

/** Alert policies of the monitoring of droplets, load balancers and databases. */
export const alertPolicies: Family = {
  name: "alert policies",
  endpoints: [list, create, read, update, remove],
  resources: (store) =>
    collection(store)
      .list()
      .map((policy): CloudResource => {
        const { kind } = watched(policy.type);
        return {
          kind: "alert_policies",
          id: policy.uuid,
          name: policy.description,
          createdAt: policy.createdAt,
          ...(kind === undefined ? {} : { uses: policy.entities.map((id) => ({ kind, id })) }),
        };
      }),
  forget: ({ store }, gone) => {
    for (const policy of collection(store).list()) {
      const watches = watched(policy.type).kind === gone.kind && policy.entities.includes(gone.id);
      const tagged = gone.kind === "tags" && policy.tags.includes(gone.id);
      if (watches) {
        collection(store).put(policy.uuid, {
          ...policy,
          entities: policy.entities.filter((id) => id !== gone.id),
        });
      }
      if (tagged)
        collection(store).put(policy.uuid, { ...policy, tags: policy.tags.filter((tag) => tag !== gone.id) });
    }
  },
};
