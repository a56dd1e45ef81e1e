import { decide, type PoolRules } from "../../../images/gpu-pool-controller/src/decision.ts";
import { charge, type Ledger } from "../../../images/gpu-pool-controller/src/ledger.ts";

/** A job of a simulated or recorded day. */
export interface Job {
  /** Seconds after the beginning. */
  readonly atSeconds: number;
  /** How long a droplet works on it. */
  readonly seconds: number;
}

/** What the simulated droplets are like. */
export interface Droplets {
  /** From the order to the first job: the machine, its packages, the image, the model. */
  readonly bootSeconds: number;
  /** After how long the job of a droplet that was taken away is put back. */
  readonly visibilityTimeoutSeconds: number;
}

/** How a pool did. */
export interface Outcome {
  readonly usd: number;
  /** Days that {@link usd} paid for, the last one perhaps in part. */
  readonly days: number;
  readonly meanWaitSeconds: number;
  /** Nine in ten jobs waited no longer. */
  readonly wait90Seconds: number;
  readonly longestWaitSeconds: number;
  /** Jobs whose droplet was taken away in the middle, and that were begun anew. */
  readonly begunAnew: number;
  readonly mostDroplets: number;
}

interface Waiting {
  readonly job: Job;
  /** When it is in the queue: again, after its droplet was taken away. */
  readonly fromSeconds: number;
}

interface Droplet {
  readonly readyAt: number;
  busyUntil: number;
  job: Job | undefined;
}

const stepSeconds = 15;

/**
 * Lets a pool work off the jobs of some days, its size decided by the controller's own functions every quarter of a minute.
 * Jobs are begun in their order. When the pool shrinks the newest droplet goes, busy or not, without being told before:
 * the worst that DigitalOcean could do.
 *
 * @param rules a fixed pool's have a floor that is the ceiling
 */
export function simulate(jobs: readonly Job[], rules: PoolRules, droplets: Droplets): Outcome {
  const simulation = new Simulation(jobs, rules, droplets);
  const wholeDays = Math.ceil((jobs.at(-1)?.atSeconds ?? 0) / secondsPerDay) * secondsPerDay;
  for (let now = 0; now < wholeDays || !simulation.isDone; now += stepSeconds) simulation.step(now);
  return simulation.outcome();
}

const secondsPerDay = 86_400;

const beginMs = Date.parse("2026-11-21T00:00:00Z");

class Simulation {
  readonly #jobs: readonly Job[];
  readonly #rules: PoolRules;
  readonly #droplets: Droplets;
  #pool: Droplet[];
  #queue: Waiting[] = [];
  #ledger: Ledger = { atMs: beginMs, spentUsd: 0 };
  #lastNeededMs = beginMs;
  #arrived = 0;
  #usd = 0;
  #seconds = 0;
  #begunAnew = 0;
  #mostDroplets: number;
  readonly #waits: number[] = [];

  constructor(jobs: readonly Job[], rules: PoolRules, droplets: Droplets) {
    this.#jobs = jobs;
    this.#rules = rules;
    this.#droplets = droplets;
    this.#pool = Array.from({ length: rules.floor }, () => idleDroplet(0));
    this.#mostDroplets = rules.floor;
  }

  get isDone(): boolean {
    return this.#arrived === this.#jobs.length && this.#queue.length === 0;
  }

  step(now: number): void {
    for (let next = this.#jobs[this.#arrived]; next && next.atSeconds <= now; ) {
      this.#queue.push({ job: next, fromSeconds: next.atSeconds });
      this.#arrived += 1;
      next = this.#jobs[this.#arrived];
    }
    for (const droplet of this.#pool) this.#work(droplet, now);
    const { memberUsdPerHour } = this.#rules;
    this.#usd += (this.#pool.length * memberUsdPerHour * stepSeconds) / 3600;
    this.#seconds = now + stepSeconds;
    this.#ledger = charge(this.#ledger, beginMs + now * 1000, this.#pool.length, memberUsdPerHour);
    this.#resize(now);
  }

  outcome(): Outcome {
    const sorted = this.#waits.toSorted((one, other) => one - other);
    return {
      usd: this.#usd,
      days: Math.max(1, Math.floor(this.#seconds / secondsPerDay)),
      meanWaitSeconds: sorted.reduce((sum, wait) => sum + wait, 0) / Math.max(1, sorted.length),
      wait90Seconds: sorted[Math.floor(sorted.length * 0.9)] ?? 0,
      longestWaitSeconds: sorted.at(-1) ?? 0,
      begunAnew: this.#begunAnew,
      mostDroplets: this.#mostDroplets,
    };
  }

  #work(droplet: Droplet, now: number): void {
    if (droplet.busyUntil > now || droplet.readyAt > now) return;
    droplet.job = undefined;
    const index = this.#queue.findIndex(({ fromSeconds }) => fromSeconds <= now);
    const [taken] = index < 0 ? [] : this.#queue.splice(index, 1);
    if (!taken) return;
    this.#waits.push(now - taken.job.atSeconds);
    droplet.job = taken.job;
    droplet.busyUntil = now + taken.job.seconds;
  }

  #resize(now: number): void {
    const nowMs = beginMs + now * 1000;
    const waiting = this.#queue.filter(({ fromSeconds }) => fromSeconds <= now);
    const members = this.#pool.length;
    const { target, needed } = decide(this.#rules, {
      nowMs,
      waiting: waiting.length,
      // A job whose droplet vanished is in hand still, as far as the queue knows.
      inFlight: this.#pool.filter(({ job }) => job).length + this.#queue.length - waiting.length,
      oldestWaitingSeconds: Math.max(0, ...waiting.map(({ fromSeconds }) => now - fromSeconds)),
      members,
      spentUsd: this.#ledger.spentUsd,
      lastNeededMs: this.#lastNeededMs,
    });
    if (needed || target !== members) this.#lastNeededMs = nowMs;
    const interrupted = this.#pool.slice(target).flatMap(({ job }) => job ?? []);
    const fromSeconds = now + this.#droplets.visibilityTimeoutSeconds;
    this.#queue.push(...interrupted.map((job) => ({ job, fromSeconds })));
    this.#begunAnew += interrupted.length;
    const more = Math.max(0, target - members);
    const made = Array.from({ length: more }, () => idleDroplet(now + this.#droplets.bootSeconds));
    this.#pool = [...this.#pool.slice(0, target), ...made];
    this.#mostDroplets = Math.max(this.#mostDroplets, target);
  }
}

function idleDroplet(readyAt: number): Droplet {
  return { readyAt, busyUntil: 0, job: undefined };
}
