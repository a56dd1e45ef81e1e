import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { listOf, numericId, tagName } from "../../fields.ts";
import { missingDropletsProblem } from "../droplets/model.ts";
import { missingTagsProblem } from "../tags.ts";

/** Where traffic may come from, or go to. */
export interface RuleTarget {
  readonly addresses?: readonly string[];
  readonly tags?: readonly string[];
  readonly droplet_ids?: readonly number[];
  readonly load_balancer_uids?: readonly string[];
  readonly kubernetes_ids?: readonly string[];
}

interface RuleBase {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** One port, a range, or `0` for all. */
  readonly ports: string;
}
export type InboundRule = RuleBase & { readonly sources: RuleTarget };
export type OutboundRule = RuleBase & { readonly destinations: RuleTarget };

/** The rules of a firewall, as stored and as shown. */
export interface Rules {
  readonly inbound_rules: readonly InboundRule[];
  readonly outbound_rules: readonly OutboundRule[];
}

const maxPort = 65_535;

/** Reads `80`, `8000-9000`, or one of the ways to say all, which becomes `0`; undefined for what is none of them. */
function canonicalPorts(text: string): string | undefined {
  if (["", "0", "all", "1-65535"].includes(text)) return "0";
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to ?? from)];
  return from !== undefined && first >= 1 && first <= last && last <= maxPort ? text : undefined;
}

const address = z
  .string()
  .refine(
    (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    "must be an IPv4 or IPv6 address, or a range of them in CIDR notation",
  );

const target = z
  .strictObject({
    addresses: listOf(address),
    tags: listOf(tagName),
    droplet_ids: listOf(numericId),
    load_balancer_uids: listOf(z.string()),
    kubernetes_ids: listOf(z.string()),
  })
  .refine(
    (lists) => Object.values(lists).some((list) => list.length > 0),
    "names nothing: give at least one address, tag or id",
  )
  .transform(
    (lists): RuleTarget => Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  );

const base = {
  protocol: z.enum(["tcp", "udp", "icmp"]),
  ports: z.string().optional(),
};

interface RawRule {
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly ports?: string | undefined;
}

/** ICMP has no ports; the others must say theirs. */
function checkPorts({ value, issues }: { value: RawRule; issues: z.core.$ZodRawIssue[] }): void {
  const { protocol, ports } = value;
  if (protocol === "icmp") return;
  if (ports !== undefined && ports !== "" && canonicalPorts(ports) !== undefined) return;
  const message = "must be a port, a range such as 8000-9000, or 0 for all, from 1 to 65535";
  issues.push({ code: "custom", path: ["ports"], message, input: ports });
}

const settled = <R extends RawRule>(rule: R) => ({
  ...rule,
  ports: rule.protocol === "icmp" ? "0" : (canonicalPorts(rule.ports ?? "") ?? "0"),
});

const inboundRule = z
  .strictObject({ ...base, sources: target })
  .check(checkPorts)
  .transform(settled);
const outboundRule = z
  .strictObject({ ...base, destinations: target })
  .check(checkPorts)
  .transform(settled);

/** The two lists of rules, either of which may be left out. */
export const ruleLists = { inbound_rules: listOf(inboundRule), outbound_rules: listOf(outboundRule) };

/** Requests must hold one rule at least, of whichever direction. */
export const hasRules = (rules: Rules): boolean =>
  rules.inbound_rules.length + rules.outbound_rules.length > 0;

/** Two rules that say the same. */
export const sameRule = (a: InboundRule | OutboundRule, b: InboundRule | OutboundRule): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (rule: InboundRule | OutboundRule): unknown[] => {
  const lists = Object.entries("sources" in rule ? rule.sources : rule.destinations);
  const contents = lists.map(([kind, list]) => [kind, [...list].sort()]).sort();
  return [rule.protocol, rule.ports, "sources" in rule, contents];
};

/** Everything that is wrong with these rules beyond their form, none when nothing is. */
export function ruleProblems(cloud: Cloud, rules: Rules): (string | undefined)[] {
  return [
    ...directionProblems(cloud, "inbound_rules", rules.inbound_rules),
    ...directionProblems(cloud, "outbound_rules", rules.outbound_rules),
  ];
}

function directionProblems(
  cloud: Cloud,
  field: string,
  rules: readonly (InboundRule | OutboundRule)[],
): (string | undefined)[] {
  return rules.flatMap((rule, index) => {
    const path = `${field}.${index}.${"sources" in rule ? "sources" : "destinations"}`;
    const lists = "sources" in rule ? rule.sources : rule.destinations;
    return [
      rules.findIndex((other) => sameRule(rule, other)) < index
        ? `${field}.${index}: duplicates another rule`
        : undefined,
      missingDropletsProblem(cloud, lists.droplet_ids ?? [], `${path}.droplet_ids`),
      missingTagsProblem(cloud, lists.tags ?? [], `${path}.tags`),
      missingProblem(cloud, "load_balancers", lists.load_balancer_uids ?? [], `${path}.load_balancer_uids`),
      missingProblem(cloud, "kubernetes_clusters", lists.kubernetes_ids ?? [], `${path}.kubernetes_ids`),
    ];
  });
}

function missingProblem(
  cloud: Cloud,
  kind: string,
  ids: readonly string[],
  field: string,
): string | undefined {
  if (ids.length === 0) return undefined;
  const known = new Set(
    cloud
      .resources()
      .filter((resource) => resource.kind === kind)
      .map((resource) => resource.id),
  );
  const missing = ids.filter((id) => !known.has(id));
  return missing.length === 0 ? undefined : `${field}: ${missing.join(", ")} does not exist`;
}
