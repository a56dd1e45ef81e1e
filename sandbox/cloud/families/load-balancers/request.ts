import ipaddr from "ipaddr.js";
import { z } from "zod";
import { listOf, numericId, optional, optionalText, portNumber, tagName } from "../../fields.ts";

const entryProtocols = ["http", "https", "http2", "http3", "tcp", "udp"] as const;
const targetProtocols = ["http", "https", "http2", "tcp", "udp"] as const;

/** One entry of a load balancer, and where it leads. */
export const forwardingRule = z
  .strictObject({
    entry_protocol: z.enum(entryProtocols),
    entry_port: portNumber,
    target_protocol: z.enum(targetProtocols),
    target_port: portNumber,
    certificate_id: z.string().default(""),
    tls_passthrough: z.boolean().default(false),
  })
  .check(({ value: rule, issues }) => {
    const problems = forwardingProblems(rule);
    for (const [path, message] of problems)
      issues.push({ code: "custom", path: [path], message, input: rule });
  });

export type ForwardingRule = z.output<typeof forwardingRule>;

const encrypted: readonly string[] = ["https", "http2", "http3"];

function forwardingProblems(rule: {
  entry_protocol: string;
  target_protocol: string;
  certificate_id: string;
  tls_passthrough: boolean;
}): [field: string, message: string][] {
  const { entry_protocol: entry, target_protocol: target, certificate_id, tls_passthrough } = rule;
  const hasCertificate = certificate_id !== "";
  const rules: readonly (readonly [wrong: boolean, field: string, message: string])[] = [
    [
      (entry === "udp") !== (target === "udp"),
      "target_protocol",
      `udp is forwarded to udp only, and here ${entry} to ${target}`,
    ],
    [
      (entry === "tcp") !== (target === "tcp"),
      "target_protocol",
      `tcp is forwarded to tcp only, and here ${entry} to ${target}`,
    ],
    [
      encrypted.includes(entry) && !hasCertificate && !tls_passthrough,
      "certificate_id",
      `an ${entry} entry needs a certificate or tls_passthrough`,
    ],
    [hasCertificate && tls_passthrough, "tls_passthrough", "excludes a certificate"],
    [hasCertificate && !encrypted.includes(entry), "certificate_id", `an ${entry} entry takes none`],
    [
      tls_passthrough && (!encrypted.includes(entry) || entry !== target),
      "tls_passthrough",
      "needs the same encrypted protocol at the entry and at the target",
    ],
    [entry === "http3" && tls_passthrough, "tls_passthrough", "http3 ends at the load balancer"],
  ];
  return rules.filter(([wrong]) => wrong).map(([, field, message]) => [field, message]);
}

const seconds = (min: number, max: number, fallback: number) =>
  z.number().int().min(min).max(max).default(fallback);

const healthCheck = z.strictObject({
  protocol: z.enum(["http", "https", "tcp"]).default("http"),
  port: portNumber.default(80),
  path: z.string().startsWith("/").or(z.literal("")).optional(),
  check_interval_seconds: seconds(3, 300, 10),
  response_timeout_seconds: seconds(3, 300, 5),
  unhealthy_threshold: z.number().int().min(2).max(10).default(5),
  healthy_threshold: z.number().int().min(2).max(10).default(3),
  proxy_protocol: optional(z.boolean()),
});

const stickySessions = z
  .strictObject({
    type: z.enum(["cookies", "none", ""]).default("none"),
    cookie_name: z.string().optional(),
    cookie_ttl_seconds: z.number().int().min(0).optional(),
  })
  .transform((sticky) => ({ ...sticky, type: sticky.type || "none" }))
  .refine((sticky) => sticky.type === "none" || /^.{2,40}$/.test(sticky.cookie_name ?? ""), {
    path: ["cookie_name"],
    message: "sticky sessions need a cookie_name of 2 to 40 characters",
  })
  .refine((sticky) => sticky.type === "none" || (sticky.cookie_ttl_seconds ?? 0) > 0, {
    path: ["cookie_ttl_seconds"],
    message: "sticky sessions need a cookie_ttl_seconds above 0",
  });

/** `ip:1.2.3.4` or `cidr:1.2.3.0/24`. */
const sourceRule = z.string().refine((text) => {
  const [kind, value = ""] = text.split(/:(.*)/s);
  return kind === "ip" ? ipaddr.isValid(value) : kind === "cidr" && ipaddr.isValidCIDR(value);
}, "must read ip:<address> or cidr:<range>");

const globalSettings = z.strictObject({
  target_protocol: z.enum(["http", "https", "http2"]).optional(),
  target_port: portNumber.optional(),
  cdn: z.strictObject({ is_enabled: z.boolean().optional() }).nullish(),
  region_priorities: z.record(z.string(), z.number().int()).nullish(),
  failover_threshold: z.number().int().min(0).max(100).optional(),
});

const domain = z.strictObject({
  name: z.string().min(1),
  is_managed: z.boolean().default(false),
  certificate_id: z.string().default(""),
  verification_error_reasons: z.unknown().optional(),
  ssl_validation_error_reasons: z.unknown().optional(),
});

/** `POST` and `PUT` take the same: an update says everything again. */
export const loadBalancerRequest = z
  .strictObject({
    name: z
      .string()
      .max(255)
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/, "may hold letters, digits, dashes and periods"),
    type: z.enum(["REGIONAL", "REGIONAL_NETWORK", "GLOBAL"]).default("REGIONAL"),
    region: optionalText,
    network: z.enum(["EXTERNAL", "INTERNAL"]).default("EXTERNAL"),
    network_stack: z.enum(["IPV4", "DUALSTACK"]).default("IPV4"),
    size: z.enum(["lb-small", "lb-medium", "lb-large"]).optional(),
    size_unit: z.number().int().min(1).max(100).optional(),
    algorithm: z.enum(["round_robin", "least_connections", ""]).optional(),
    forwarding_rules: listOf(forwardingRule),
    health_check: optional(healthCheck),
    sticky_sessions: optional(stickySessions),
    droplet_ids: listOf(numericId),
    tag: optionalText,
    tags: listOf(tagName),
    redirect_http_to_https: z.boolean().default(false),
    enable_proxy_protocol: z.boolean().default(false),
    enable_backend_keepalive: z.boolean().default(false),
    http_idle_timeout_seconds: z.number().int().min(30).max(600).default(60),
    disable_lets_encrypt_dns_records: optional(z.boolean()),
    vpc_uuid: optionalText,
    subnet_uuid: optionalText,
    project_id: optionalText,
    firewall: optional(z.strictObject({ allow: listOf(sourceRule), deny: listOf(sourceRule) })),
    domains: listOf(domain),
    glb_settings: optional(globalSettings),
    target_load_balancer_ids: listOf(z.string()),
    tls_cipher_policy: z.enum(["DEFAULT", "STRONG"]).default("DEFAULT"),
    validate_only: z.boolean().optional(),
  })
  .check(({ value, issues }) => {
    for (const [path, message] of [...duplicateEntries(value.forwarding_rules), ...typeProblems(value)]) {
      issues.push({ code: "custom", path: path.split("."), message, input: value });
    }
  });

export type LoadBalancerRequest = z.output<typeof loadBalancerRequest>;

/** An entry port can be taken once by UDP and once by what runs over TCP; http3 runs over UDP. */
export function duplicateEntries(rules: readonly ForwardingRule[]): [path: string, message: string][] {
  const entry = (rule: ForwardingRule) =>
    `${["udp", "http3"].includes(rule.entry_protocol) ? "udp" : "tcp"} ${rule.entry_port}`;
  const entries = rules.map(entry);
  return entries.flatMap((text, index) =>
    entries.indexOf(text) < index
      ? [[`forwarding_rules.${index}.entry_port`, `${text} is taken by another rule`]]
      : [],
  );
}

function typeProblems(request: {
  type: string;
  region?: string | undefined;
  vpc_uuid?: string | undefined;
  forwarding_rules: readonly ForwardingRule[];
  droplet_ids: readonly number[];
  tag?: string | undefined;
  size?: string | undefined;
  size_unit?: number | undefined;
  glb_settings?: unknown;
}): [path: string, message: string][] {
  const isGlobal = request.type === "GLOBAL";
  const onLayer4 = ["tcp", "udp"];
  const rules: readonly (readonly [wrong: boolean, path: string, message: string])[] = [
    [request.droplet_ids.length > 0 && request.tag !== undefined, "tag", "give either droplet_ids or a tag"],
    [
      request.size !== undefined && request.size_unit !== undefined,
      "size",
      "give either a size or a size_unit",
    ],
    [
      !isGlobal && request.region === undefined && request.vpc_uuid === undefined,
      "region",
      "is required, or a vpc_uuid",
    ],
    [
      !isGlobal && request.forwarding_rules.length === 0,
      "forwarding_rules",
      "give at least one forwarding rule",
    ],
    [isGlobal && request.glb_settings === undefined, "glb_settings", "a global load balancer needs them"],
    [isGlobal && request.region !== undefined, "region", "a global load balancer has none"],
    [
      request.type === "REGIONAL_NETWORK" &&
        request.forwarding_rules.some((rule) => !onLayer4.includes(rule.entry_protocol)),
      "forwarding_rules",
      "a network load balancer forwards tcp and udp only",
    ],
  ];
  return rules.filter(([wrong]) => wrong).map(([, path, message]) => [path, message]);
}
