import type { Member, PoolNow } from "../delivery/membership.ts";
import { Visits, type VisitsParts } from "../delivery/visits.ts";
import { type Log, messageOf } from "../service.ts";
import { Farewell } from "./farewell.ts";

/** What the gate goes by. */
export interface GateRules {
  /** Members that must work before others go. Default: every droplet on the roll. */
  readonly floor?: number | undefined;
  /** How long new members may take until they work. */
  readonly healthDeadlineMs: number;
  /** How long a member must have worked without a break. */
  readonly steadyMs: number;
  /** How long a droplet that goes may be out of reach, or do nothing about it, before it goes as it is. */
  readonly patienceMs: number;
}

/** What the gate is joined to. */
export interface GateParts extends VisitsParts {
  readonly rules: GateRules;
  /** Who is in the pool now, and who is about to go. */
  readonly readPool: () => Promise<PoolNow>;
  /** Whether a member's worker answers whoever asks for its metrics. */
  readonly answers: (member: Member) => Promise<boolean>;
  readonly log: Log;
  readonly now: () => number;
  /** Waits until it is time for another look. */
  readonly pause: () => Promise<void>;
}

/** New members do not work within their time: whoever was to go must stay. */
export class UnhealthyError extends Error {
  override readonly name = "UnhealthyError";
}

/** What is found of a droplet on the roll. */
interface Finding {
  readonly id: number;
  readonly name: string;
  /** Undefined when it works. */
  readonly fault: string | undefined;
}

/**
 * Lets a pool's droplets go only once those that stay work: waits for these, then tells those that the roll does not name
 * any more to finish.
 *
 * @throws UnhealthyError when those that stay do not work within their time; then nobody was told to finish
 */
export async function passGate(parts: GateParts): Promise<void> {
  const visits = new Visits(parts);
  await awaitHealth(parts, visits);
  await awaitFarewell(parts, new Farewell({ ...parts, visits, patienceMs: parts.rules.patienceMs }));
}

async function awaitHealth(parts: GateParts, visits: Visits): Promise<void> {
  const { rules, log, now, pause } = parts;
  const deadlineMs = now() + rules.healthDeadlineMs;
  const workingSinceMs = new Map<number, number>();
  let said = "";
  for (;;) {
    const found = await lookAtMembers(parts, visits);
    const nowMs = now();
    for (const { id, fault } of found.members) {
      if (fault !== undefined) workingSinceMs.delete(id);
      else if (!workingSinceMs.has(id)) workingSinceMs.set(id, nowMs);
    }
    const steady = found.members.filter(
      ({ id }) => nowMs - (workingSinceMs.get(id) ?? nowMs) >= rules.steadyMs,
    );
    const wanted = rules.floor ?? Math.max(1, found.members.length);
    if (steady.length >= wanted) {
      log("info", `${steady.length} of ${wanted} droplets work`, {
        droplets: steady.map(({ name }) => name),
      });
      return;
    }
    const state = stateOf(found);
    if (nowMs >= deadlineMs) {
      const seconds = Math.round(rules.healthDeadlineMs / 1000);
      throw new UnhealthyError(
        `${steady.length} of ${wanted} droplets work after ${seconds} s, so none was told to go: ${state}`,
      );
    }
    if (state !== said) log("info", `waiting: ${state}`);
    said = state;
    await pause();
  }
}

interface Found {
  readonly members: readonly Finding[];
  /** Why nothing is known of the pool. */
  readonly fault?: string;
}

async function lookAtMembers({ readPool, answers }: GateParts, visits: Visits): Promise<Found> {
  try {
    const { members, strangers } = await readPool();
    const faulty = strangers.map(({ id, why }) => ({ id, name: `droplet ${id}`, fault: why }));
    const looked = members.map(async (member) => ({
      ...{ id: member.id, name: member.name },
      fault: await faultOf(member, visits, answers),
    }));
    return { members: [...faulty, ...(await Promise.all(looked))] };
  } catch (error) {
    return { members: [], fault: `the pool cannot be read: ${messageOf(error)}` };
  }
}

async function faultOf(
  member: Member,
  visits: Visits,
  answers: GateParts["answers"],
): Promise<string | undefined> {
  try {
    const { holds, worker } = await visits.visit(member, async () => undefined);
    if (holds === null) return "has no secrets yet";
    if (worker !== "active") return `its worker is ${worker}`;
    return (await answers(member)) ? undefined : "its worker does not answer";
  } catch (error) {
    return messageOf(error);
  }
}

function stateOf({ members, fault }: Found): string {
  if (fault !== undefined) return fault;
  if (members.length === 0) return "the pool has no droplets yet";
  return members.map((each) => `${each.name}: ${each.fault ?? "works"}`).join("; ");
}

async function awaitFarewell({ readPool, log, pause }: GateParts, farewell: Farewell): Promise<void> {
  for (;;) {
    try {
      const { outgoing } = await readPool();
      if (await farewell.round(outgoing)) return;
    } catch (error) {
      log("error", `the pool cannot be read: ${messageOf(error)}`);
    }
    await pause();
  }
}
