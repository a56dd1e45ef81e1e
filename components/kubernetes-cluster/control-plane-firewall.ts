import type { types } from "@pulumi/digitalocean";
import ipaddr from "ipaddr.js";
import type { ArgumentChecks } from "../errors.ts";
import { isEverybody } from "../exposure.ts";

/** Who reaches the Kubernetes API, besides the cluster's own nodes, which DigitalOcean lets in itself. */
export interface ControlPlaneFirewallArgs {
  /** Whether it stands; `false` opens the API again to everybody who has credentials. */
  readonly enabled: boolean;
  /**
   * Public ranges that are let in: operators, and whoever deploys. Those of IPv6 and private ones are passed over, since
   * the API is asked over IPv4 from public addresses.
   *
   * Caution: a run that comes from elsewhere updates the cluster and can then no longer speak to it. DigitalOcean's
   * own API is not behind this firewall, so the way back is to add the range and run again.
   * @example ["203.0.113.0/24"]
   */
  readonly allowedRanges: readonly string[];
}

/** The firewall as DigitalOcean takes it: in order, and each range once, so that no order shows as a difference. */
export function controlPlaneFirewall({
  enabled,
  allowedRanges,
}: ControlPlaneFirewallArgs): types.input.KubernetesClusterControlPlaneFirewall {
  return { enabled, allowedAddresses: [...new Set(allowedRanges.filter(isPublicIpv4))].sort() };
}

/** Finds what would lock everybody out, or nobody. */
export function checkControlPlaneFirewall(
  checks: ArgumentChecks,
  { enabled, allowedRanges }: ControlPlaneFirewallArgs,
): void {
  for (const [index, range] of allowedRanges.entries()) {
    checks.check(
      `controlPlaneFirewall.allowedRanges[${index}]`,
      range,
      (text) => ipaddr.isValidCIDR(text) && !isEverybody(text),
      (text) => `is "${text}", which is no range in CIDR notation, or a large part of the internet`,
      "Name the range somebody comes from, as in 203.0.113.0/24.",
    );
  }
  if (enabled && !allowedRanges.some(isPublicIpv4)) {
    checks.add(
      "controlPlaneFirewall.allowedRanges",
      "has no public IPv4 range, so that nobody could deploy any more",
      "Name the addresses from which the platform is deployed, or set enabled to false.",
    );
  }
}

/** What addresses mean that the internet never sees. */
const unseen: readonly string[] = ["private", "loopback", "linkLocal", "carrierGradeNat", "unspecified"];

function isPublicIpv4(range: string): boolean {
  return ipaddr.IPv4.isValidCIDR(range) && !unseen.includes(ipaddr.IPv4.parseCIDR(range)[0].range());
}
