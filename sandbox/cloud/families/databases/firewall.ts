import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { unprocessable } from "../../errors.ts";
import type { Identity } from "../../family.ts";
import { listOf, optionalText } from "../../fields.ts";
import {
  databaseCollection,
  type FirewallRule,
  listDatabases,
  putDatabase,
  requireDatabase,
} from "./model.ts";
import { presentRules } from "./present.ts";

const maxRules = 100;

/** The kinds of things that rules name by id. */
const kindOfType: Readonly<Partial<Record<FirewallRule["type"], string>>> = {
  droplet: "droplets",
  k8s: "kubernetes_clusters",
  tag: "tags",
};

/** Rules as clients send them. What the server decides they may send along, and it is not read. */
export const firewallBody = listOf(
  z.strictObject({
    uuid: optionalText,
    cluster_uuid: optionalText,
    type: z.enum(["droplet", "k8s", "ip_addr", "tag", "app"]),
    value: z.string().min(1),
    created_at: optionalText,
    description: optionalText,
  }),
);

const list = endpoint({
  method: "GET",
  path: "/v2/databases/{database_cluster_uuid}/firewall",
  handle: ({ cloud, params }) => ({
    rules: presentRules(requireGuarded(cloud, params.database_cluster_uuid)),
  }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/databases/{database_cluster_uuid}/firewall",
  status: 204,
  body: z.strictObject({ rules: firewallBody }),
  handle: ({ cloud, params, body }) => {
    const guarded = requireGuarded(cloud, params.database_cluster_uuid);
    guarded.keep(toRules(cloud, body.rules, guarded.rules));
  },
});

/** Something with a firewall of its own. */
interface Guarded {
  readonly id: string;
  readonly rules: readonly FirewallRule[];
  keep(rules: readonly FirewallRule[]): void;
}

/** A cluster, or a replica by its own id: whom each lets in is kept apart. @throws ApiError 404 */
function requireGuarded(cloud: Cloud, id: string): Guarded {
  const primary = listDatabases(cloud).find(({ replicas }) => replicas.some((replica) => replica.id === id));
  const replica = primary?.replicas.find((candidate) => candidate.id === id);
  if (primary === undefined || replica === undefined) {
    const database = requireDatabase(cloud, id);
    return { ...database, keep: (rules) => putDatabase(cloud.store, { ...database, rules }) };
  }
  return {
    ...replica,
    keep: (rules) => {
      const others = primary.replicas.filter((candidate) => candidate !== replica);
      putDatabase(cloud.store, { ...primary, replicas: [...others, { ...replica, rules }] });
    },
  };
}

/**
 * The rules as kept; one that was there before keeps its id.
 * @throws ApiError 422 naming every rule that is wrong
 */
export function toRules(
  cloud: Cloud,
  given: z.output<typeof firewallBody>,
  before: readonly FirewallRule[],
): FirewallRule[] {
  const problems = given.flatMap(({ type, value }, index) => {
    const problem = valueProblem(cloud, type, value);
    return problem === undefined ? [] : [`rules.${index}: ${problem}`];
  });
  if (given.length > maxRules)
    problems.push(`rules: a cluster has at most ${maxRules} rules, not ${given.length}`);
  const named = given.map(({ type, value }) => `${type}:${value}`);
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`rules: ${twice} is there twice`);
  if (problems.length > 0) throw unprocessable(...problems);
  return given.map(
    ({ type, value }) =>
      before.find((rule) => rule.type === type && rule.value === value) ?? {
        uuid: randomUUID(),
        type,
        value,
        createdAt: cloud.timestamp(),
      },
  );
}

/** Takes something that is gone out of the rules of every cluster and replica. @returns The clusters it was in. */
export function forgetInRules(cloud: Cloud, gone: Identity): string[] {
  const changed: string[] = [];
  const remaining = (rules: readonly FirewallRule[]) =>
    rules.filter(({ type, value }) => kindOfType[type] !== gone.kind || value !== gone.id);
  for (const database of databaseCollection(cloud.store).list()) {
    const guarded = [database, ...database.replicas];
    if (guarded.every(({ rules }) => remaining(rules).length === rules.length)) continue;
    const replicas = database.replicas.map((replica) => ({ ...replica, rules: remaining(replica.rules) }));
    putDatabase(cloud.store, { ...database, rules: remaining(database.rules), replicas });
    changed.push(database.id);
  }
  return changed;
}

function valueProblem(cloud: Cloud, type: FirewallRule["type"], value: string): string | undefined {
  if (type === "ip_addr")
    return isAddress(value) ? undefined : `${value} is not an IP address or a CIDR range`;
  const kind = kindOfType[type];
  const exists = cloud.resources().some((resource) => resource.kind === kind && resource.id === value);
  return exists ? undefined : `there is no ${type} ${value}`;
}

function isAddress(value: string): boolean {
  const [address = "", prefix, ...rest] = value.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

export const databaseFirewall = [list, replace];
