import type { NetworkInterfaceInfo } from "node:os";
import ipaddr from "ipaddr.js";
import type { EnvironmentSettings } from "../../infra/config/index.ts";
import { usageError } from "../exit.ts";

/** Names the address that a deployment comes from, where it cannot be told from the machine. */
export const deployerAddressVariable = "PLATFORM_DEPLOYER_ADDRESS";

/** What a run can know of where it comes from. */
interface Whereabouts {
  readonly env: NodeJS.ProcessEnv;
  readonly interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>;
}

type Reach = Pick<EnvironmentSettings, "adminCidrs" | "controlPlaneFirewall">;

/**
 * Refuses a control-plane firewall that would shut out this very run, where that can be known: it would change the
 * cluster, and fail at the first Kubernetes object.
 *
 * A machine behind somebody's router does not know its public address; then nothing is said, unless it is named.
 *
 * @throws PlatformError with exit status 2
 */
export function requireWayIn({ adminCidrs, controlPlaneFirewall }: Reach, whereabouts: Whereabouts): void {
  if (!controlPlaneFirewall?.enabled) return;
  const ranges = [...adminCidrs, ...controlPlaneFirewall.deployerCidrs];
  const addresses = knownAddresses(whereabouts);
  if (addresses.length === 0 || addresses.some((address) => ranges.some((range) => holds(range, address)))) {
    return;
  }
  throw usageError(
    `The control plane's firewall would shut out this run, which comes from ${addresses.join(" or ")}:\n` +
      `it lets in ${ranges.join(", ")}.\n` +
      "Add the address to whisper-platform:controlPlaneFirewall.deployerCidrs, or deploy from one that is let in.",
  );
}

function knownAddresses({ env, interfaces }: Whereabouts): string[] {
  const named = env[deployerAddressVariable];
  if (named) {
    if (ipaddr.IPv4.isValidFourPartDecimal(named)) return [named];
    throw usageError(
      `${deployerAddressVariable} is "${named}", which is no IPv4 address.\n` +
        "Write the public address that this machine comes from, such as 203.0.113.7, or leave it out.",
    );
  }
  if (env.RUNNER_ENVIRONMENT === "github-hosted") {
    throw usageError(
      "The control plane's firewall is on, and this is a hosted runner, which comes from another address each time.\n" +
        "Deploy from a runner with an address of its own that deployerCidrs names. If this one has one, set " +
        `${deployerAddressVariable} to it.`,
    );
  }
  return Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address)
    .filter((address) => ipaddr.IPv4.isValid(address) && ipaddr.IPv4.parse(address).range() === "unicast");
}

function holds(range: string, address: string): boolean {
  return ipaddr.IPv4.isValidCIDR(range) && ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(range));
}
