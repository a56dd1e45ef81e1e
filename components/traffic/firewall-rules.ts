import type { FirewallRule } from "../firewall/rules.ts";
import type { Party } from "./declaration.ts";
import { type Flow, flowsFrom, flowsTo, type Sites, type TrafficPlan } from "./plan.ts";

/** What the firewall of a party's droplets lets in and out. */
export interface DropletTraffic {
  readonly inbound: readonly FirewallRule[];
  readonly outbound: readonly FirewallRule[];
}

/** What the plan lets in and out of the droplets of one party. */
export function dropletTraffic(plan: TrafficPlan, party: Party): DropletTraffic {
  return {
    inbound: rules(flowsTo(plan, party), ({ from }) => callerRanges(from, plan.sites)),
    outbound: rules(flowsFrom(plan, party), ({ to }) => calledRanges(to, plan.sites)),
  };
}

/** One rule for each port and its peers, whatever the number of those who share them. */
function rules(flows: readonly Flow[], peersOf: (flow: Flow) => readonly string[]): FirewallRule[] {
  const merged = new Map<string, FirewallRule>();
  for (const flow of flows) {
    const { protocol, port, purpose } = flow;
    const peers = peersOf(flow);
    const key = JSON.stringify([protocol, port, peers]);
    const before = merged.get(key);
    merged.set(key, {
      protocol,
      ports: port,
      peers,
      purpose: before ? `${before.purpose}; ${purpose}` : purpose,
    });
  }
  return [...merged.values()];
}

/** A pod is met under its own address or its node's. */
function callerRanges(party: Party, sites: Sites): readonly string[] {
  const { vpc, pods } = sites.addresses;
  return party.place.kind === "pods" ? [vpc, pods] : calledRanges(party, sites);
}

function calledRanges({ place }: Party, { addresses, operatorRanges }: Sites): readonly string[] {
  if (place.kind !== "outside") return [addresses.vpc];
  // A cloud firewall knows no exceptions, so that the internet is everything for it.
  return place.addresses === "operators" ? operatorRanges : ["0.0.0.0/0", "::/0"];
}
