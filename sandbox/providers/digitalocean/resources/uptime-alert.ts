import { type CheckFailure, type PropertyMap, unwrap } from "../../kit/index.ts";
import { type Fields, integer, list, name, object, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";
import { receivers } from "../support/receivers.ts";

const inputs: Fields = {
  checkId: string({ required: true }),
  comparison: string({ zero: true, oneOf: ["greater_than", "less_than"] }),
  name: name(),
  notifications: list(object(receivers), { required: true, minItems: 1, maxItems: 1 }),
  period: string({ oneOf: ["2m", "3m", "5m", "10m", "15m", "30m", "1h"] }),
  threshold: integer({ zero: true }),
  type: string({ required: true, oneOf: ["latency", "down", "down_global", "ssl_expiry"] }),
};

/** The API has one object of receivers where the plugin has a list of one; the check is in the path. */
function body(news: PlainMap): PlainMap {
  const { check_id: _check, notifications, ...wire } = toWire(inputs, news);
  const [first] = Array.isArray(notifications) ? notifications.filter(isPlainMap) : [];
  return { ...wire, notifications: { email: [], slack: [], ...first } };
}

/** Thresholds are for latencies and for days of a certificate. */
function rules(checked: PropertyMap): CheckFailure[] {
  const type = unwrap(checked.type);
  if (type !== "latency" && type !== "ssl_expiry") return [];
  return ["threshold", "comparison"]
    .filter((property) => checked[property] === undefined)
    .map((property) => ({ path: [property], reason: `is required for an alert of type ${type}` }));
}

/** Who is told when an uptime check fails, and when it counts as failed. */
export const uptimeAlert: ResourceDefinition = {
  token: resourceToken("UptimeAlert"),
  noun: "an uptime alert",
  inputs,
  rules,
  outputs: {},
  operations: rest({
    inputs,
    path: (known) => `/v2/uptime/checks/${String(known.checkId)}/alerts`,
    one: "alert",
    many: "alerts",
    body,
    document: (found, known) => ({
      ...found,
      check_id: known.checkId ?? "",
      notifications: isPlainMap(found.notifications) ? [found.notifications] : [],
    }),
    change: { method: "PUT", body },
    importing: (id) => {
      const [checkId = "", alert = ""] = id.split(",");
      return { id: alert, known: { checkId } };
    },
  }),
};
