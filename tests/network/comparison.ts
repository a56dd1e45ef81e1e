import { readFileSync } from "node:fs";
import type { Party } from "../../components/traffic/declaration.ts";
import { type Flow, flowsOf } from "../../components/traffic/plan.ts";
import { production } from "../../stacks/production.ts";
import { staging } from "../../stacks/staging.ts";
import { platformTraffic, trafficChoices } from "../../stacks/traffic.ts";
import type { DesiredResource } from "../golden/desired-state.ts";
import { goldenFile } from "../golden/file.ts";
import { isPublic, letIn, letOut, withinAny } from "./evaluator.ts";
import { common, merged, type PortRange, written } from "./ports.ts";
import type { Actor, World } from "./world.ts";

/** What an environment is to be, as `tests/golden/` has it. */
export const desired = (environment: string): DesiredResource[] =>
  JSON.parse(readFileSync(goldenFile(environment), "utf8"));

const postures = { staging, production } as const;

/** Everybody who is declared in an environment of the committed configuration. */
export const partiesOf = (environment: keyof typeof postures): readonly Party[] =>
  platformTraffic(trafficChoices({}, postures[environment])).everybody;

/** Where operators come from, in the committed configuration of both environments. */
const operatorRanges = ["203.0.113.0/24"];

/**
 * Whom a rule at `end` means when it is to mean `party`. Pods know each other by their labels; all else is coarser,
 * and this says how much: whoever is in the network's range passes for a load balancer or a database, whatever pod of
 * the cluster for another before a database.
 */
function seen(party: Party, end: Actor, { ranges }: World): (actor: Actor) => boolean {
  const inRange =
    (...cidrs: string[]) =>
    (actor: Actor) =>
      actor.addresses.some((address) => withinAny(address, cidrs));
  const itself = (actor: Actor) => actor.party === party.name;
  switch (party.place.kind) {
    case "pods":
      if (end.droplet) return inRange(ranges.vpc, ranges.pods);
      return end.database ? ({ pod }) => pod !== undefined : itself;
    case "outside":
      if (party.place.addresses === "operators") return inRange(...operatorRanges);
      // Pods have no IPv6; a cloud firewall knows no exceptions.
      if (end.droplet) return () => true;
      if (end.loadBalancer || party.place.addresses === "internet") return isPublic;
      return inRange("0.0.0.0/0");
    default:
      return end.database || end.loadBalancer ? itself : inRange(ranges.vpc);
  }
}

type Openings = (from: Actor, to: Actor) => readonly PortRange[];

/** Every connection that is open, as one line each, sorted. */
function connections(from: readonly Actor[], to: readonly Actor[], openings: Openings): string[] {
  return from
    .flatMap((caller) =>
      // Also to itself: who is many, as pods and droplets are, meets his own kind.
      to.flatMap((called) =>
        merged(openings(caller, called)).map((range) => `${caller.name} -> ${called.name} ${written(range)}`),
      ),
    )
    .sort();
}

/** At which end a connection is looked at. */
export const relations = ["let out", "let in", "end to end"] as const;
export type Relation = (typeof relations)[number];

/** Connections as lines, sorted: `edge -> api tcp 8000`. */
export interface Comparison {
  readonly open: string[];
  readonly declared: string[];
}

/** What is open in fact and what is declared, at either end alone and from end to end. */
export function compare(world: World, parties: readonly Party[]): Record<Relation, Comparison> {
  const flows = flowsOf(parties);
  const { actors } = world;
  const guarded = actors.filter((actor) => actor.guarded);
  // Databases answer, and call nobody.
  const callers = actors.filter(({ database }) => database === undefined);
  const declared = (meant: (flow: Flow) => boolean) =>
    flows.filter(meant).map(({ protocol, port }): PortRange => ({ protocol, first: port, last: port }));
  return {
    "let out": {
      open: connections(
        callers.filter((actor) => actor.guarded),
        actors,
        (from, to) => letOut(world, from, to),
      ),
      declared: connections(
        callers.filter((actor) => actor.guarded),
        actors,
        (from, to) => declared((flow) => flow.from.name === from.party && seen(flow.to, from, world)(to)),
      ),
    },
    "let in": {
      open: connections(actors, guarded, (from, to) => letIn(world, from, to)),
      declared: connections(actors, guarded, (from, to) => {
        const meant = (flow: Flow) => flow.to.name === to.party && seen(flow.from, to, world)(from);
        // A database's trusted sources know no ports: whoever may call one of its ports may call all.
        return to.database && flows.some(meant) ? portsOf(to) : declared(meant);
      }),
    },
    "end to end": {
      open: connections(
        callers.filter(
          ({ kind, pod, guarded: own, answersAlone }) =>
            kind === "member" || (kind === "outsider" && !pod && !own && answersAlone !== true),
        ),
        guarded,
        (from, to) => common(letOut(world, from, to), letIn(world, from, to)),
      ),
      declared: connections(
        callers.filter(({ kind, answersAlone }) => kind !== "stranger" && answersAlone !== true),
        guarded,
        (from, to) =>
          served(
            to,
            declared((flow) => isReached(flow, to) && isMeant(flow.from, from)),
          ),
      ),
    },
  };
}

/** Whether the party is this very one; on the internet operators are too. */
function isMeant(party: Party, actor: Actor): boolean {
  return party.name === actor.party || (party.name === "internet" && actor.party === "operators");
}

/** Whether a flow to its party is one to this actor: a policy knows a database by the network's range and a port alone. */
function isReached({ to, port }: Flow, actor: Actor): boolean {
  const sharesPort = portsOf(actor).some(({ first }) => first === port);
  return to.name === actor.party || (to.place.kind === "database" && sharesPort);
}

/** A replica has no pools: who is declared to call the party on their port calls its primary alone. */
function served(to: Actor, ports: readonly PortRange[]): readonly PortRange[] {
  return to.database?.isReplica ? common(ports, portsOf(to)) : ports;
}

function portsOf({ database }: Actor): PortRange[] {
  return (database?.ports ?? []).map((port) => ({ protocol: "tcp", first: port, last: port }));
}

/** Both ways in which a comparison can fail, over all relations. */
export function differences(world: World, parties: readonly Party[]): { opened: string[]; closed: string[] } {
  const all = Object.values(compare(world, parties));
  const missing = (these: string[], those: string[]) => these.filter((line) => !those.includes(line));
  return {
    opened: all.flatMap(({ open, declared }) => missing(open, declared)),
    closed: all.flatMap(({ open, declared }) => missing(declared, open)),
  };
}
