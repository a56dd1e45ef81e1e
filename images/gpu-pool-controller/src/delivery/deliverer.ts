import { type Log, messageOf } from "../service.ts";
import type { Member, PoolNow } from "./membership.ts";
import { digestOf, type Greeting, SessionError } from "./session.ts";
import { Visits, type VisitsParts } from "./visits.ts";

/** What the deliverer is joined to. */
export interface DelivererParts extends VisitsParts {
  /** Who is in the pool now. */
  readonly readPool: () => Promise<PoolNow>;
  /** What the members are to hold. */
  readonly bundle: () => Promise<string>;
  readonly log: Log;
  readonly now: () => number;
  /** How long a worker that was given other secrets may take to run again, before the next gets them. @default 1800000 */
  readonly renewalPatienceMs?: number;
}

/** How the deliverer sees things, for whoever asks. */
export interface DelivererView {
  readonly members: number;
  /** Members that hold what they are to hold. */
  readonly current: number;
  /** Members that could not be spoken to in the last round, or were not believed. */
  readonly failing: number;
  /** Droplets on the roll that are no members now. */
  readonly strangers: number;
  readonly deliveries: number;
  readonly failures: number;
  /** When the last round ended in which the pool and the bundle were read; 0 before the first. */
  readonly readMs: number;
  /** When the last round ended, whatever came of it. */
  readonly roundMs: number;
}

/** States of a unit in which its worker may be at a job. */
const working = ["active", "reloading", "deactivating"];

const defaultRenewalPatienceMs = 1_800_000;

/**
 * Brings a pool's secrets to its members, and to nobody else. A member that has none gets them at once; members that hold
 * others than they should get theirs one after the other, each when the worker of the one before runs again.
 */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #visits: Visits;
  /** Since when a member with the right secrets is waited for until its worker runs. */
  readonly #settling = new Map<number, number>();
  /** What was said last of whom, so that it is said once. */
  readonly #said = new Map<number, string>();
  #view: DelivererView;

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    this.#visits = new Visits(parts);
    const nothing = { members: 0, current: 0, failing: 0, strangers: 0, deliveries: 0, failures: 0 };
    this.#view = { ...nothing, readMs: 0, roundMs: parts.now() };
  }

  get view(): DelivererView {
    return this.#view;
  }

  /** One round. What fails is said and counted, and tried again in the next. */
  async round(): Promise<void> {
    try {
      const [pool, bundle] = await Promise.all([this.#parts.readPool(), this.#parts.bundle()]);
      await this.#serve(pool, bundle);
    } catch (error) {
      this.#view = { ...this.#view, failures: this.#view.failures + 1 };
      this.#parts.log("error", `nobody was visited: ${messageOf(error)}`);
    }
    this.#view = { ...this.#view, roundMs: this.#parts.now() };
  }

  async #serve({ members, strangers }: PoolNow, bundle: string): Promise<void> {
    const digest = digestOf(bundle);
    await this.#forgetOthersThan([...members, ...strangers].map(({ id }) => id));
    for (const { id, why } of strangers) this.#say("info", id, `droplet ${id} ${why}: it gets nothing`);
    const visited = await Promise.all(
      members.map(async (member) => ({ member, greeting: await this.#visit(member, bundle, isWithout) })),
    );
    const met = visited.flatMap(({ member, greeting }) => (greeting ? [{ member, greeting }] : []));
    const settled = met.map(({ member, greeting }) => this.#hasSettled(member.id, greeting, digest));
    const next = met.find(({ greeting }) => greeting.holds !== digest);
    const renewed =
      next && settled.every(Boolean) ? await this.#visit(next.member, bundle, () => true) : undefined;
    const holders = met.filter(({ greeting }) => greeting.holds === digest).length;
    this.#view = {
      ...this.#view,
      members: members.length,
      current: holders + Number(renewed?.holds === digest),
      failing: members.length - met.length,
      strangers: strangers.length,
      readMs: this.#parts.now(),
    };
  }

  /** Greets a member, and hands the bundle over when it holds another and `due` says so. */
  async #visit(
    member: Member,
    bundle: string,
    due: (greeting: Greeting) => boolean,
  ): Promise<Greeting | undefined> {
    try {
      let handedOver = false;
      const greeting = await this.#visits.visit(member, async (said) => {
        if (said.holds === digestOf(bundle) || !due(said)) return undefined;
        await this.#confirmStill(member);
        handedOver = true;
        return { deliver: bundle };
      });
      this.#said.delete(member.id);
      if (handedOver) {
        this.#settling.set(member.id, this.#parts.now());
        this.#view = { ...this.#view, deliveries: this.#view.deliveries + 1 };
        this.#parts.log("info", `${member.name} was given its secrets`, { droplet: member.id });
      }
      return greeting;
    } catch (error) {
      this.#view = { ...this.#view, failures: this.#view.failures + 1 };
      this.#say("error", member.id, `${member.name} was not given anything: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** It may have left, and its address been given away, since the round began. */
  async #confirmStill({ id, address }: Member): Promise<void> {
    const { members } = await this.#parts.readPool();
    if (members.some((member) => member.id === id && member.address === address)) return;
    throw new SessionError("it has left the pool");
  }

  #hasSettled(id: number, { holds, worker }: Greeting, digest: string): boolean {
    if (holds !== digest || worker === "active") {
      this.#settling.delete(id);
      return true;
    }
    const nowMs = this.#parts.now();
    const sinceMs = this.#settling.get(id) ?? nowMs;
    this.#settling.set(id, sinceMs);
    return nowMs - sinceMs > (this.#parts.renewalPatienceMs ?? defaultRenewalPatienceMs);
  }

  async #forgetOthersThan(ids: readonly number[]): Promise<void> {
    for (const known of [this.#settling, this.#said]) {
      for (const id of known.keys()) if (!ids.includes(id)) known.delete(id);
    }
    await this.#visits.forgetOthersThan(ids);
  }

  #say(level: "info" | "error", id: number, message: string): void {
    if (this.#said.get(id) === message) return;
    this.#said.set(id, message);
    this.#parts.log(level, message, { droplet: id });
  }
}

/** Nothing is lost by giving it new secrets now: its worker is at no job. */
const isWithout = ({ holds, worker }: Greeting) => holds === null || !working.includes(worker);
