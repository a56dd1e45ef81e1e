import type * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import ipaddr from "ipaddr.js";
import type { ArgumentChecks } from "../errors.ts";
import { isEverybody } from "../exposure.ts";
import type { Party, Place } from "../traffic/declaration.ts";
import { flowsTo, type TrafficPlan } from "../traffic/plan.ts";

/** Who may open a connection to a managed database, by reference. A cloud firewall has no say there. */
export interface TrustedSourcesArgs {
  /**
   * Kubernetes clusters, by id, whose nodes may connect.
   * @default none
   */
  readonly trustedClusterIds?: readonly pulumi.Input<string>[];

  /**
   * Tags whose droplets may connect.
   * @default none
   */
  readonly trustedTags?: readonly pulumi.Input<string>[];

  /**
   * Single addresses or ranges that may connect.
   * @default none
   * @example ["203.0.113.7"]
   */
  readonly trustedAddresses?: readonly pulumi.Input<string>[];
}

/** What DigitalOcean allows one database to trust. */
const maximumSources = 100;

/** Those of a database's callers that it can know by reference. */
interface KnownCallers {
  /** The cluster that callers' pods are in. */
  readonly clusterId: pulumi.Input<string>;
  /** Tags of callers' droplets, by party. */
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * What a database trusts so that its callers in the traffic plan, and as few others as can be, reach it.
 *
 * A cluster is trusted as a whole, by its nodes: which of its pods get as far is for their network policies.
 */
export function trustedCallers(
  plan: TrafficPlan,
  database: Party,
  { clusterId, tags }: KnownCallers,
): TrustedSourcesArgs {
  const callers = [...new Set(flowsTo(plan, database).map(({ from }) => from))];
  const ofKind = (kind: Place["kind"]) => callers.filter(({ place }) => place.kind === kind);
  return {
    trustedClusterIds: ofKind("pods").length > 0 ? [clusterId] : [],
    trustedTags: ofKind("droplets").map(({ name }) => {
      const tag = tags[name];
      if (tag === undefined) throw new Error(`${name} calls ${database.name}: name the tag of its droplets`);
      return tag;
    }),
    trustedAddresses: ofKind("outside").length > 0 ? plan.sites.operatorRanges : [],
  };
}

/** The firewall rules of a database that trusts these sources and nobody else. */
export function rulesOf(args: TrustedSourcesArgs): digitalocean.types.input.DatabaseFirewallRule[] {
  const ofType = (type: string, values: readonly pulumi.Input<string>[] = []) =>
    values.map((value) => ({ type, value }));
  return [
    ...ofType("k8s", args.trustedClusterIds),
    ...ofType("tag", args.trustedTags),
    ...ofType("ip_addr", args.trustedAddresses),
  ];
}

/** Checks that somebody is trusted, and not everybody. */
export function checkTrustedSources(checks: ArgumentChecks, args: TrustedSourcesArgs): void {
  const count = rulesOf(args).length;
  if (count === 0) {
    checks.add(
      "trustedClusterIds",
      "is empty, and so are trustedTags and trustedAddresses: DigitalOcean lets the whole internet try the password of a database that trusts nobody in particular",
      "Name at least one cluster, tag or address that connects.",
    );
  }
  if (count > maximumSources) {
    const problem = `and its like name ${count} sources, and DigitalOcean keeps ${maximumSources}`;
    checks.add("trustedAddresses", problem, "Trust tags or ranges in place of single addresses.");
  }
  for (const [index, address] of (args.trustedAddresses ?? []).entries()) {
    const path = `trustedAddresses[${index}]`;
    checks.check(
      path,
      address,
      (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
      (text) => `is "${text}", which is neither an address nor a range in CIDR notation`,
      "Write it as in 203.0.113.7 or 203.0.113.0/24.",
    );
    checks.check(
      path,
      address,
      (text) => !isEverybody(text),
      (text) => `is "${text}", which is the whole internet or a large part of it`,
      "Name the range your clients come from.",
    );
  }
}
