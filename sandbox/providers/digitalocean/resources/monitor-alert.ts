import { boolean, type Fields, number, object, set, string, tags } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";
import { receivers } from "../support/receivers.ts";

const METRICS = [
  ...["load_1", "load_5", "load_15", "memory_utilization_percent", "disk_utilization_percent", "cpu"],
  ...["disk_read", "disk_write", "public_outbound_bandwidth", "public_inbound_bandwidth"],
  ...["private_outbound_bandwidth", "private_inbound_bandwidth"],
].map((metric) => `v1/insights/droplet/${metric}`);
const BALANCER_METRICS = [
  ...["avg_cpu_utilization_percent", "connection_utilization_percent", "droplet_health"],
  ...["tls_connections_per_second_utilization_percent", "increase_in_http_error_rate_percentage_5xx"],
  ...["increase_in_http_error_rate_percentage_4xx", "increase_in_http_error_rate_count_5xx"],
  ...["increase_in_http_error_rate_count_4xx", "high_http_request_response_time"],
  ...["high_http_request_response_time_50p", "high_http_request_response_time_95p"],
  "high_http_request_response_time_99p",
].map((metric) => `v1/insights/lbaas/${metric}`);
const DATABASE_METRICS = [
  ...["load_15_alerts", "memory_utilization_alerts", "disk_utilization_alerts", "cpu_alerts"],
].map((metric) => `v1/dbaas/alerts/${metric}`);

const inputs: Fields = {
  alerts: object(receivers, { required: true }),
  compare: string({ required: true, oneOf: ["GreaterThan", "LessThan"] }),
  description: string({ required: true }),
  enabled: boolean({ default: true }),
  entities: set(string(), { minItems: 1 }),
  tags: tags(),
  type: string({ required: true, oneOf: [...METRICS, ...BALANCER_METRICS, ...DATABASE_METRICS] }),
  value: number({ required: true, min: 0, single: true }),
  window: string({ required: true, oneOf: ["5m", "10m", "30m", "1h"] }),
};

/** The API wants every list, empty ones too. */
function body(news: PlainMap): PlainMap {
  const wire = toWire(inputs, news);
  return {
    entities: [],
    tags: [],
    ...wire,
    alerts: { email: [], slack: [], ...(isPlainMap(wire.alerts) ? wire.alerts : {}) },
  };
}

/** A threshold on a metric of droplets, load balancers or databases. */
export const monitorAlert: ResourceDefinition = {
  token: resourceToken("MonitorAlert"),
  noun: "a monitor alert",
  inputs,
  // The vendor's plugin never tells it: the id is the same.
  outputs: { uuid: string({ wire: null }) },
  operations: rest({
    inputs,
    path: "/v2/monitoring/alerts",
    one: "policy",
    many: "policies",
    id: (document) => String(document.uuid),
    identity: ["description", "type"],
    body,
    change: { method: "PUT", body },
  }),
};
