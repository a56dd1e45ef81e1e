import { ArgumentChecks } from "../errors.ts";
import type { AddressPlan } from "../joints.ts";
import type { Endpoint, Party } from "./declaration.ts";
import { checkParties } from "./faults.ts";

/** One that is let through to another. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Endpoint["protocol"];
  readonly port: number;
  readonly purpose: string;
}

/** What the declarations leave to the environment. */
export interface Sites {
  /** Ranges of the network. */
  readonly addresses: AddressPlan;
  /** Full names of the namespaces, by the short ones of the declarations. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Ranges that operators come from. */
  readonly operatorRanges: readonly string[];
}

/** Everything that is let through in one environment; nothing else is. */
export interface TrafficPlan {
  readonly parties: readonly Party[];
  readonly flows: readonly Flow[];
  readonly sites: Sites;
}

/**
 * Joins the declarations of all parties into the plan that every rule is derived from.
 *
 * @throws ArgumentError with every fault of the declarations at once
 */
export function planTraffic(parties: readonly Party[], sites: Sites): TrafficPlan {
  const checks = new ArgumentChecks("the traffic plan");
  checkParties(checks, parties, Object.keys(sites.namespaces));
  checks.throwIfAny();
  return { parties, flows: flowsOf(parties), sites };
}

/** Every flow that the parties declare, in their order: by caller, then by who is called. */
export function flowsOf(parties: readonly Party[]): Flow[] {
  const order = new Map(parties.map((party, index) => [party.name, index]));
  const place = ({ name }: Party) => order.get(name) ?? parties.length;
  return parties
    .flatMap((party) => [...callsOf(party, parties), ...openings(party)])
    .sort((one, other) => place(one.from) - place(other.from) || place(one.to) - place(other.to));
}

/** What the plan lets through to the party. */
export function flowsTo(plan: TrafficPlan, party: Party): Flow[] {
  return plan.flows.filter(({ to }) => to === inPlan(plan, party));
}

/** What the plan lets the party reach. */
export function flowsFrom(plan: TrafficPlan, party: Party): Flow[] {
  return plan.flows.filter(({ from }) => from === inPlan(plan, party));
}

/** Rules for one that nobody planned would be none at all, so that he is an error. */
function inPlan({ parties }: TrafficPlan, party: Party): Party {
  if (parties.includes(party)) return party;
  throw new Error(`${party.name} is not in the traffic plan: add it to everybody in stacks/traffic.ts`);
}

/** Where the parties' metrics are read. */
export function metricsOf(parties: readonly Party[]): Endpoint[] {
  return parties.flatMap(({ listens, at }) =>
    Object.entries(listens).flatMap(([port, { metrics }]) => (metrics ? (at[port] ?? []) : [])),
  );
}

function callsOf(from: Party, parties: readonly Party[]): Flow[] {
  return from.calls.flatMap(({ to: { party, protocol, port }, purpose }) =>
    parties.filter(({ name }) => name === party).map((to) => ({ from, to, protocol, port, purpose })),
  );
}

function openings(to: Party): Flow[] {
  return Object.values(to.listens).flatMap(({ protocol = "tcp", port, openTo = [] }) =>
    openTo.map(({ who, purpose }) => ({ from: who, to, protocol, port, purpose })),
  );
}
