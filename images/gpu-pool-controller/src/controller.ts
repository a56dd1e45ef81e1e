import { z } from "zod";
import type { PoolState } from "./autoscale-pool.ts";
import { type Decision, decide, type Observation, type PoolRules, type Reason } from "./decision.ts";
import { charge, type Ledger, openLedger } from "./ledger.ts";
import type { QueueState } from "./queue.ts";

/** What the controller is joined to. */
export interface ControllerParts {
  readonly rules: PoolRules;
  readonly queue: { read(nowMs: number): Promise<QueueState> };
  readonly pool: { read(): Promise<PoolState>; resize(target: number): Promise<void> };
  /** Where what it must still know after a restart is kept. */
  readonly memory: { load(): Promise<string | null>; save(text: string): Promise<void> };
  readonly log: (level: "info" | "error", message: string, facts?: object) => void;
  readonly now: () => number;
  /** How old the pool's state may become before the API is asked again. @default 15000 */
  readonly poolMaximumAgeMs?: number;
}

/** How the controller sees things, for whoever asks. */
export interface ControllerView {
  readonly queue?: QueueState;
  readonly pool?: PoolState;
  readonly decision?: Decision;
  readonly spentUsd: number;
  /** When the last round began that came to a decision; 0 before the first. */
  readonly decidedMs: number;
  /** When the last round ended, whatever came of it. */
  readonly roundMs: number;
  readonly resizes: number;
  readonly decisions: Readonly<Partial<Record<Reason, number>>>;
  readonly errors: Readonly<Record<ErrorSource, number>>;
}

/** Who failed. */
export type ErrorSource = "queue" | "pool" | "memory";

const kept = z.object({ atMs: z.number(), spentUsd: z.number(), lastNeededMs: z.number() });

const defaultPoolMaximumAgeMs = 15_000;

/** Steers a pool's size by its queue: reads the queue, decides, and tells the pool when the decision is another number. */
export class Controller {
  readonly #parts: ControllerParts;
  #queue: QueueState | undefined;
  #pool: (PoolState & { readonly readMs: number }) | undefined;
  #decision: Decision | undefined;
  #ledger: Ledger | undefined;
  #lastNeededMs = 0;
  #decidedMs = 0;
  #roundMs: number;
  #resizes = 0;
  readonly #decisions: Partial<Record<Reason, number>> = {};
  readonly #errors: Record<ErrorSource, number> = { queue: 0, pool: 0, memory: 0 };

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#roundMs = parts.now();
  }

  get view(): ControllerView {
    return {
      ...(this.#queue && { queue: this.#queue }),
      ...(this.#pool && { pool: this.#pool }),
      ...(this.#decision && { decision: this.#decision }),
      spentUsd: this.#ledger?.spentUsd ?? 0,
      decidedMs: this.#decidedMs,
      roundMs: this.#roundMs,
      resizes: this.#resizes,
      decisions: { ...this.#decisions },
      errors: { ...this.#errors },
    };
  }

  /** One round. What fails is said and counted: the pool keeps its size, and the next round tries again. */
  async round(): Promise<void> {
    const startedMs = this.#parts.now();
    const pool = await this.#guard("pool", () => this.#freshPool(startedMs));
    if (pool) {
      const ledger = await this.#account(startedMs, pool);
      const queue = await this.#guard("queue", () => this.#parts.queue.read(startedMs));
      if (queue) {
        this.#queue = queue;
        await this.#steer(pool, {
          ...queue,
          nowMs: startedMs,
          members: pool.target,
          spentUsd: ledger.spentUsd,
        });
      }
    }
    this.#roundMs = this.#parts.now();
  }

  async #freshPool(nowMs: number): Promise<PoolState> {
    const known = this.#pool;
    const maximumAgeMs = this.#parts.poolMaximumAgeMs ?? defaultPoolMaximumAgeMs;
    if (known && nowMs - known.readMs < maximumAgeMs) return known;
    const read = await this.#parts.pool.read();
    this.#pool = { ...read, readMs: nowMs };
    return read;
  }

  async #account(nowMs: number, pool: PoolState): Promise<Ledger> {
    const { memberUsdPerHour } = this.#parts.rules;
    // Whoever is on the way is paid for as well as who is there.
    const members = Math.max(pool.active, pool.target);
    const ledger = this.#ledger
      ? charge(this.#ledger, nowMs, members, memberUsdPerHour)
      : await this.#resume(nowMs, pool, members);
    this.#ledger = ledger;
    return ledger;
  }

  /** Takes up where a predecessor stopped; what passed meanwhile is reckoned with the members of now. */
  async #resume(nowMs: number, pool: PoolState, members: number): Promise<Ledger> {
    const { memberUsdPerHour } = this.#parts.rules;
    const text = await this.#guard("memory", () => this.#parts.memory.load());
    const before = kept.safeParse(text === undefined || text === null ? undefined : JSON.parse(text));
    this.#lastNeededMs = before.success ? before.data.lastNeededMs : nowMs;
    return before.success
      ? charge(before.data, nowMs, members, memberUsdPerHour)
      : openLedger(nowMs, { createdMs: pool.createdMs, members }, memberUsdPerHour);
  }

  async #steer(pool: PoolState, seen: Omit<Observation, "lastNeededMs">): Promise<void> {
    const { rules, log, memory } = this.#parts;
    const decision = decide(rules, { ...seen, lastNeededMs: this.#lastNeededMs });
    const news = decision.target !== pool.target || decision.reason !== this.#decision?.reason;
    this.#decision = decision;
    this.#decidedMs = seen.nowMs;
    this.#decisions[decision.reason] = (this.#decisions[decision.reason] ?? 0) + 1;
    if (news) log("info", decision.explanation, { ...seen, ...decision });
    if (decision.target !== pool.target) {
      const done = await this.#guard("pool", async () => {
        await this.#parts.pool.resize(decision.target);
        return true;
      });
      if (!done) return;
      this.#resizes += 1;
      // The next decision is made on what was just said, not on what the API said before.
      this.#pool = { ...pool, target: decision.target, readMs: seen.nowMs };
    }
    if (decision.needed || decision.target !== pool.target) this.#lastNeededMs = seen.nowMs;
    await this.#guard("memory", () =>
      memory.save(JSON.stringify({ ...this.#ledger, lastNeededMs: this.#lastNeededMs })),
    );
  }

  async #guard<T>(source: ErrorSource, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#errors[source] += 1;
      const message = error instanceof Error ? error.message : String(error);
      this.#parts.log("error", `${source}: ${message}`);
      // What the API has refused may have changed since it was read.
      if (source === "pool") this.#pool = undefined;
      return undefined;
    }
  }
}
