import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const milliseconds = z.number().int().min(0).max(600_000);

/** One thing that goes wrong, on the requests it matches. */
export const faultRuleSchema = z
  .strictObject({
    /** HTTP method; every method when left out. */
    method: z
      .string()
      .transform((method) => method.toUpperCase())
      .optional(),
    /** Path without the query. `*` stands for one segment, `**` for any number; every path when left out. */
    path: z.string().startsWith("/").optional(),
    /** Share of the matching requests it strikes, 0 to 1. Default 1. */
    rate: z.number().min(0).max(1).default(1),
    /** How many of the matching requests pass before it begins. Default 0. */
    after: z.number().int().min(0).default(0),
    /** How many times it strikes at most. Default: no end. */
    times: z.number().int().min(1).optional(),
    /** Answers with this status instead of doing what was asked. */
    status: z.number().int().min(400).max(599).optional(),
    /** Waits this long before the request is carried out; with `drop: "after"`, when it has been. */
    latencyMs: milliseconds.optional(),
    /** Waits at the same moment until this plan is cleared or replaced by another. */
    hold: z.literal(true).optional(),
    /**
     * Cuts the connection: `before` the request is carried out, or `after`, so that the client cannot know that
     * what it asked for exists.
     */
    drop: z.enum(["before", "after"]).optional(),
  })
  .refine(
    (rule) => [rule.status, rule.latencyMs, rule.hold, rule.drop].some((effect) => effect !== undefined),
    { message: "a rule that does nothing: give it a status, a latencyMs, a hold or a drop" },
  );

/** A plan of faults: the first rule that strikes a request decides; the seed makes two runs alike. */
export const faultPlanSchema = z.strictObject({
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
  rules: z.array(faultRuleSchema).max(100),
});

export type FaultPlanInput = z.input<typeof faultPlanSchema>;
type FaultRule = z.output<typeof faultRuleSchema>;

/** What is to go wrong with one request. */
export interface Fault {
  readonly status?: number | undefined;
  readonly latencyMs?: number | undefined;
  /** Resolves when the plan that holds the request is in force no more. */
  readonly released?: Promise<void> | undefined;
  readonly drop?: "before" | "after" | undefined;
}

/** Waits as long as a fault keeps its request waiting at this moment: `before` it is carried out, or `after`. */
export async function waitOut(fault: Fault | undefined, moment: "before" | "after"): Promise<void> {
  if (fault === undefined || (fault.drop === "after") !== (moment === "after")) return;
  if (fault.latencyMs !== undefined) await sleep(fault.latencyMs);
  await fault.released;
}

interface RuleState {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  seen: number;
  struck: number;
}

/** Decides, request by request, what goes wrong. Knows nothing of HTTP servers: the cloud and Spaces both ask it. */
export class FaultPlan {
  #random = seededRandom(1);
  #plan: z.output<typeof faultPlanSchema> = { seed: 1, rules: [] };
  #states: RuleState[] = [];
  /** Let the requests go on that this plan holds. */
  #releases: (() => void)[] = [];

  /** @throws z.ZodError when the plan is malformed. */
  constructor(plan?: FaultPlanInput) {
    if (plan !== undefined) this.replace(plan);
  }

  /** Begins another plan: counters and the random sequence start afresh. @throws z.ZodError */
  replace(plan: FaultPlanInput): void {
    this.#plan = faultPlanSchema.parse(plan);
    for (const release of this.#releases.splice(0)) release();
    this.#random = seededRandom(this.#plan.seed);
    this.#states = this.#plan.rules.map((rule) => ({
      rule,
      pattern: pathPattern(rule.path ?? "/**"),
      seen: 0,
      struck: 0,
    }));
  }

  clear(): void {
    this.replace({ rules: [] });
  }

  /** The plan under way, with how often each rule matched and struck. */
  report(): { seed: number; rules: (FaultRule & { matched: number; struck: number })[] } {
    return {
      seed: this.#plan.seed,
      rules: this.#states.map(({ rule, seen, struck }) => ({ ...rule, matched: seen, struck })),
    };
  }

  /** What goes wrong with this request; undefined when nothing does. Asked once for each request. */
  decide(method: string, path: string): Fault | undefined {
    for (const state of this.#states) {
      const { rule } = state;
      if (rule.method !== undefined && rule.method !== method.toUpperCase()) continue;
      if (!state.pattern.test(path)) continue;
      state.seen += 1;
      if (state.seen <= rule.after || state.struck >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      if (this.#random() >= rule.rate) continue;
      state.struck += 1;
      const released = rule.hold && new Promise<void>((resolve) => this.#releases.push(resolve));
      return { status: rule.status, latencyMs: rule.latencyMs, drop: rule.drop, released };
    }
    return undefined;
  }
}

function pathPattern(glob: string): RegExp {
  const pattern = glob
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${pattern}$`);
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
