import { type CheckFailure, isPropertyMap, type PropertyMap, unwrap } from "../../kit/index.ts";
import { boolean, type Fields, integer, list, map, name, object, set, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest, whenStatus } from "../dsl/rest.ts";
import { PORT } from "../dsl/values.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";
import { certificateId, certificateName } from "../support/certificates.ts";

const source = string({
  pattern: [/^(ip|cidr):.+$/, 'must name a kind of source: "ip:203.0.113.7" or "cidr:10.0.0.0/8"'],
});

const inputs: Fields = {
  algorithm: string({
    default: "round_robin",
    deprecated: true,
    oneOf: ["round_robin", "least_connections"],
  }),
  disableLetsEncryptDnsRecords: boolean({ default: false }),
  domains: set(
    object({
      certificateId: string({ computed: true }),
      certificateName: string({ computed: true }),
      isManaged: boolean({ default: false }),
      name: string({ required: true }),
      sslValidationErrorReasons: list(string(), { computed: true }),
      verificationErrorReasons: list(string(), { computed: true }),
    }),
    { computed: true },
  ),
  dropletIds: set(integer(), { computed: true }),
  dropletTag: string({ wire: "tag" }),
  enableBackendKeepalive: boolean({ default: false }),
  enableProxyProtocol: boolean({ default: false }),
  firewall: object(
    { allows: list(source, { wire: "allow" }), denies: list(source, { wire: "deny" }) },
    { computed: true },
  ),
  forwardingRules: set(
    object({
      certificateId: string({ computed: true }),
      certificateName: string({ computed: true, zero: true }),
      entryPort: integer({ required: true, ...PORT }),
      entryProtocol: string({ required: true, oneOf: ["http", "https", "http2", "http3", "tcp", "udp"] }),
      targetPort: integer({ required: true, ...PORT }),
      targetProtocol: string({ required: true, oneOf: ["http", "https", "http2", "tcp", "udp"] }),
      tlsPassthrough: boolean({ default: false }),
    }),
    { minItems: 1 },
  ),
  glbSettings: object(
    {
      cdn: object({ isEnabled: boolean({ default: false }) }),
      failoverThreshold: integer({ min: 1, max: 99 }),
      regionPriorities: map(integer()),
      targetPort: integer({ required: true, ...PORT }),
      targetProtocol: string({ required: true, oneOf: ["http", "https", "http2"] }),
    },
    { computed: true },
  ),
  healthcheck: object(
    {
      checkIntervalSeconds: integer({ default: 10, min: 3, max: 300 }),
      healthyThreshold: integer({ default: 5, min: 2, max: 10 }),
      path: string(),
      port: integer({ required: true, ...PORT }),
      protocol: string({ required: true, oneOf: ["http", "https", "tcp"] }),
      responseTimeoutSeconds: integer({ default: 5, min: 3, max: 300 }),
      unhealthyThreshold: integer({ default: 3, min: 2, max: 10 }),
    },
    { computed: true, wire: "health_check" },
  ),
  httpIdleTimeoutSeconds: integer({ computed: true, min: 30, max: 600 }),
  name: name({ pattern: [/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/, "may hold letters, digits, dots and dashes only"] }),
  network: string({ replaces: true, oneOf: ["INTERNAL", "EXTERNAL"] }),
  networkStack: string({ replaces: true, oneOf: ["IPV4", "DUALSTACK"] }),
  projectId: string({ computed: true }),
  redirectHttpToHttps: boolean({ default: false }),
  region: string({ replaces: true, offer: "regions" }),
  size: string({ oneOf: ["lb-small", "lb-medium", "lb-large"] }),
  sizeUnit: integer({ computed: true, min: 1, max: 200 }),
  stickySessions: object(
    {
      cookieName: string({ zero: true, minLength: 2, maxLength: 40 }),
      cookieTtlSeconds: integer({ zero: true, min: 1 }),
      type: string({ default: "none", oneOf: ["cookies", "none"] }),
    },
    { computed: true },
  ),
  targetLoadBalancerIds: set(string(), { computed: true }),
  tlsCipherPolicy: string({ oneOf: ["DEFAULT", "STRONG"] }),
  type: string({ computed: true, replaces: true, oneOf: ["REGIONAL", "REGIONAL_NETWORK", "GLOBAL"] }),
  vpcUuid: string({ computed: true, replaces: true }),
};

/** Where the API names certificates by id, and programs by name. */
const CERTIFIED = ["forwarding_rules", "domains"] as const;

async function body(news: PlainMap, operation: Operation): Promise<PlainMap> {
  const wire = toWire(inputs, news);
  for (const property of CERTIFIED) {
    const entries = wire[property];
    if (!Array.isArray(entries)) continue;
    wire[property] = await Promise.all(
      entries.filter(isPlainMap).map(async ({ certificate_name: named, ...entry }) => {
        if (typeof named !== "string" || named === "") return entry;
        return { ...entry, certificate_id: await certificateId(named, operation) };
      }),
    );
  }
  return wire;
}

async function document(found: PlainMap, operation: Operation): Promise<PlainMap> {
  const named: PlainMap = { ...found, urn: `do:loadbalancer:${String(found.id)}` };
  for (const property of CERTIFIED) {
    const entries = found[property];
    if (!Array.isArray(entries)) continue;
    named[property] = await Promise.all(
      entries.filter(isPlainMap).map(async (entry) => {
        const id = String(entry.certificate_id ?? "");
        const certificate = id === "" ? undefined : await certificateName(id, operation);
        return certificate === undefined ? entry : { ...entry, certificate_name: certificate };
      }),
    );
  }
  return named;
}

const collection = rest({
  inputs,
  path: "/v2/load_balancers",
  one: "load_balancer",
  many: "load_balancers",
  body: (wire) => wire,
  ready: whenStatus("active"),
  change: { method: "PUT", body: (wire) => wire },
  goesSlowly: true,
});

const operations: Operations = {
  create: async (news, operation) => collection.create(await body(news, operation), operation),
  async settle(found, news, operation) {
    const settled = (await collection.settle?.(found, news, operation)) ?? found.document;
    return document(settled, operation);
  },
  async read(id, known, operation) {
    const found = await collection.read(id, known, operation);
    return found && document(found, operation);
  },
  async update(id, news, known, operation) {
    return collection.update?.(id, await body(news, operation), known, operation);
  },
  delete: collection.delete,
};

/** HTTP checks and cookies have parts that other checks and sessions must not have. */
function partRules(
  checked: PropertyMap,
  property: string,
  kind: { readonly named: string; readonly needing: readonly string[]; readonly parts: readonly string[] },
): CheckFailure[] {
  const part = unwrap(checked[property]);
  if (!isPropertyMap(part)) return [];
  const value = unwrap(part[kind.named]);
  if (typeof value !== "string") return [];
  const needed = kind.needing.includes(value);
  return kind.parts
    .filter((name) => (part[name] === undefined) === needed)
    .map((name) => ({
      path: [property, name],
      reason: `${needed ? "is required" : "must be left out"} where ${kind.named} is ${value}`,
    }));
}

function rules(checked: PropertyMap): CheckFailure[] {
  const failures: CheckFailure[] = [
    ...partRules(checked, "healthcheck", { named: "protocol", needing: ["http", "https"], parts: ["path"] }),
    ...partRules(checked, "stickySessions", {
      named: "type",
      needing: ["cookies"],
      parts: ["cookieName", "cookieTtlSeconds"],
    }),
  ];
  const isGlobal = unwrap(checked.type) === "GLOBAL";
  const says = (property: string) => checked[property] !== undefined;
  if (!isGlobal && !says("region"))
    failures.push({ path: ["region"], reason: "is required, unless the type is GLOBAL" });
  if (!isGlobal && !says("forwardingRules")) {
    failures.push({ path: ["forwardingRules"], reason: "is required, unless the type is GLOBAL" });
  }
  if (says("size") && says("sizeUnit")) {
    failures.push({ path: ["sizeUnit"], reason: "excludes size: say how big it is by one of them" });
  }
  if (says("dropletIds") && says("dropletTag")) {
    failures.push({ path: ["dropletTag"], reason: "excludes dropletIds: name the droplets by one of them" });
  }
  return failures;
}

/** A load balancer of DigitalOcean's. */
export const loadBalancer: ResourceDefinition = {
  token: resourceToken("LoadBalancer"),
  noun: "a load balancer",
  inputs,
  schemaVersion: 1,
  rules,
  outputs: { ip: string(), ipv6: string(), loadBalancerUrn: string({ wire: "urn" }), status: string() },
  operations,
};
