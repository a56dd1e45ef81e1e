import type { PlainValue } from "../../kit/index.ts";
import { type CheckFailure, isPropertyMap, type PropertyMap, unwrap } from "../../kit/index.ts";
import {
  boolean,
  type Field,
  type Fields,
  integer,
  list,
  name,
  object,
  set,
  string,
  tags,
} from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { addressOrCidr, portRange } from "../dsl/values.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";

/** One direction of traffic: how the plugin's flat rules and the API's nested ones call the other side. */
interface Direction {
  readonly property: "inboundRules" | "outboundRules";
  readonly wire: "inbound_rules" | "outbound_rules";
  /** Prefix of the flat properties: `sourceAddresses`. */
  readonly prefix: "source" | "destination";
  /** The API's object: `sources`. */
  readonly nested: "sources" | "destinations";
}

const DIRECTIONS: readonly Direction[] = [
  { property: "inboundRules", wire: "inbound_rules", prefix: "source", nested: "sources" },
  { property: "outboundRules", wire: "outbound_rules", prefix: "destination", nested: "destinations" },
];

const SIDES = ["addresses", "droplet_ids", "kubernetes_ids", "load_balancer_uids", "tags"] as const;

function rule(prefix: Direction["prefix"]): Field {
  return object({
    portRange: string({ zero: true, rules: [portRange] }),
    protocol: string({ required: true, oneOf: ["tcp", "udp", "icmp"] }),
    [`${prefix}Addresses`]: set(string({ rules: [addressOrCidr] }), { zero: true }),
    [`${prefix}DropletIds`]: set(integer(), { zero: true }),
    [`${prefix}KubernetesIds`]: set(string(), { zero: true }),
    [`${prefix}LoadBalancerUids`]: set(string(), { zero: true }),
    [`${prefix}Tags`]: tags({ zero: true }),
  });
}

const inputs: Fields = {
  dropletIds: set(integer()),
  inboundRules: set(rule("source")),
  name: name({
    pattern: [
      /^[a-zA-Z0-9][a-zA-Z0-9.-]+$/,
      "must begin with a letter or digit, then hold those, dots and dashes",
    ],
  }),
  outboundRules: set(rule("destination")),
  tags: tags(),
};

/** A rule as the API has it. The API wants ports for tcp and udp, and none for icmp. */
function nestRule(direction: Direction, flat: PlainMap): PlainMap {
  const sides = SIDES.flatMap((side) => {
    const value = flat[`${direction.prefix}_${side}`];
    return value === undefined ? [] : [[side, value]];
  });
  const ports = flat.protocol === "icmp" ? {} : { ports: flat.port_range ?? "all" };
  return { protocol: flat.protocol ?? "", ...ports, [direction.nested]: Object.fromEntries(sides) };
}

/** A rule as the plugin has it. The API says port 0 for all ports. */
function flattenRule(direction: Direction, nested: PlainValue): PlainMap {
  if (!isPlainMap(nested)) return {};
  const sides = isPlainMap(nested[direction.nested]) ? nested[direction.nested] : {};
  const flat: PlainMap = { protocol: nested.protocol ?? "" };
  const ports = String(nested.ports ?? "0");
  if (ports !== "0") flat.port_range = ports;
  else if (nested.protocol !== "icmp") flat.port_range = "all";
  for (const side of SIDES) {
    const value = isPlainMap(sides) ? sides[side] : undefined;
    if (Array.isArray(value) && value.length > 0) flat[`${direction.prefix}_${side}`] = value;
  }
  return flat;
}

function body(news: PlainMap): PlainMap {
  const flat = toWire(inputs, news);
  const rules = DIRECTIONS.map((direction) => {
    const said = flat[direction.wire];
    return [
      direction.wire,
      Array.isArray(said) ? said.filter(isPlainMap).map((each) => nestRule(direction, each)) : [],
    ];
  });
  return {
    name: flat.name ?? "",
    droplet_ids: flat.droplet_ids ?? [],
    tags: flat.tags ?? [],
    ...Object.fromEntries(rules),
  };
}

function document(found: PlainMap): PlainMap {
  const rules = DIRECTIONS.map((direction) => {
    const told = found[direction.wire];
    return [direction.wire, Array.isArray(told) ? told.map((each) => flattenRule(direction, each)) : []];
  });
  return { ...found, ...Object.fromEntries(rules) };
}

/** tcp and udp need ports, and every rule another side. */
function rules(checked: PropertyMap): CheckFailure[] {
  return DIRECTIONS.flatMap(({ property, prefix }) => {
    const said = unwrap(checked[property]);
    if (!Array.isArray(said)) return [];
    return said.flatMap((each, index): CheckFailure[] => {
      const flat = unwrap(each);
      if (!isPropertyMap(flat)) return [];
      const path = [property, index];
      const failures: CheckFailure[] = [];
      const protocol = unwrap(flat.protocol);
      if ((protocol === "tcp" || protocol === "udp") && flat.portRange === undefined) {
        failures.push({
          path: [...path, "portRange"],
          reason: `is required for ${protocol}: say a port, a range or "all"`,
        });
      }
      const sides = Object.keys(flat).filter((key) => key.startsWith(prefix));
      if (sides.length === 0) {
        failures.push({
          path,
          reason: `names no ${prefix}: say ${prefix}Addresses, ${prefix}Tags or another`,
        });
      }
      return failures;
    });
  });
}

/** A firewall in front of droplets. */
export const firewall: ResourceDefinition = {
  token: resourceToken("Firewall"),
  noun: "a firewall",
  inputs,
  rules,
  outputs: {
    createdAt: string(),
    pendingChanges: list(object({ dropletId: integer(), removing: boolean(), status: string() })),
    status: string(),
  },
  operations: rest({
    inputs,
    path: "/v2/firewalls",
    one: "firewall",
    many: "firewalls",
    body,
    document,
    change: { method: "PUT", body },
  }),
};
