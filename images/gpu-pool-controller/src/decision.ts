/** What an operator decides for a pool. */
export interface PoolRules {
  /** Fewest members; a pool of DigitalOcean's has at least one. */
  readonly floor: number;
  /** Most members. */
  readonly ceiling: number;
  /** How long a number of members must not have been needed before it shrinks. */
  readonly cooldownSeconds: number;
  /** Jobs that one member finishes in an hour. */
  readonly jobsPerMemberHour: number;
  /** Jobs that one member has in hand at once. */
  readonly jobsAtOnce: number;
  /** How long a job may wait before it is begun. */
  readonly targetWaitSeconds: number;
  /** US dollars that the pool may cost from midnight to midnight (UTC). The floor is paid for whatever this says. */
  readonly budgetUsdPerDay: number;
  /** US dollars that one member costs an hour. */
  readonly memberUsdPerHour: number;
}

/** What is known at the time of a decision. */
export interface Observation {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Jobs that nobody has begun. */
  readonly waiting: number;
  /** Jobs that a member has in hand. */
  readonly inFlight: number;
  /** Age of the oldest job that waits; 0 when none does. */
  readonly oldestWaitingSeconds: number;
  /** Members the pool is told to have. */
  readonly members: number;
  /** US dollars since midnight (UTC). */
  readonly spentUsd: number;
  /** When that many members were last needed, or last set. */
  readonly lastNeededMs: number;
}

/** Every reason there is for a number of members. */
export const reasons = ["steady", "queue", "age", "idle", "cooldown", "budget", "ceiling", "floor"] as const;

export type Reason = (typeof reasons)[number];

/** How many members there are to be, and why. */
export interface Decision {
  readonly target: number;
  /** What the queue asks for, before anything limits it. */
  readonly wanted: number;
  readonly reason: Reason;
  /** The same as a sentence, with its figures. */
  readonly explanation: string;
  /** Whether the queue needs as many as there are, or more: the cooldown begins anew. */
  readonly needed: boolean;
}

const secondsPerHour = 3600;
const secondsPerDay = 24 * secondsPerHour;

/** A member that is told to go is paid for this long still, at the most. */
const removalSeconds = 60;

/** After so many cooldowns droplets go in the middle of a job too. */
const patience = 4;

/** However long the oldest job has waited, the pool is not planned for more than this many times its usual pace. */
const mostHaste = 4;

/**
 * How many members a pool is to have. The queue decides, between floor and ceiling; growing is immediate, shrinking
 * waits for the cooldown, and for a moment in which no job would be interrupted, but not for ever; what the day's budget
 * leaves beside the floor bounds both.
 */
export function decide(rules: PoolRules, seen: Observation): Decision {
  const { wanted, byAge } = demand(rules, seen);
  const bounded = clamp(wanted, rules.floor, rules.ceiling);
  const { growth, keep } = affordable(rules, seen);
  const kept = clamp(Math.min(seen.members, keep), rules.floor, rules.ceiling);
  const chosen =
    bounded > seen.members
      ? grown(bounded, Math.max(kept, Math.min(bounded, growth)), byAge ? "age" : "queue")
      : shrunk(rules, seen, { bounded, kept });
  // The number is the queue's own wish but for the bound that it came to.
  const bound = wanted > rules.ceiling ? "ceiling" : wanted < rules.floor ? "floor" : undefined;
  const free = chosen.reason !== "budget" && chosen.reason !== "cooldown" && chosen.reason !== "ceiling";
  const reason = free && bound !== undefined ? bound : chosen.reason;
  return {
    target: chosen.target,
    wanted,
    reason,
    needed: bounded >= seen.members,
    explanation: explain(rules, seen, { target: chosen.target, wanted, reason }),
  };
}

type Choice = Pick<Decision, "target" | "reason">;

function grown(bounded: number, target: number, reason: Reason): Choice {
  return { target, reason: target < bounded ? "budget" : reason };
}

/** As many as there are, or fewer. @param kept As many of those there are as ceiling and budget leave. */
function shrunk(
  { ceiling, cooldownSeconds }: PoolRules,
  { members, nowMs, lastNeededMs, inFlight }: Observation,
  { bounded, kept }: { readonly bounded: number; readonly kept: number },
): Choice {
  const limit: Reason = members > ceiling ? "ceiling" : "budget";
  if (bounded > kept) return { target: kept, reason: limit };
  if (bounded === members) return { target: bounded, reason: "steady" };
  // DigitalOcean chooses who goes: only when no job is in hand is none interrupted.
  const cooldownMs = cooldownSeconds * 1000 * (inFlight === 0 ? 1 : patience);
  if (nowMs - lastNeededMs >= cooldownMs) return { target: bounded, reason: "idle" };
  return { target: kept, reason: kept < members ? limit : "cooldown" };
}

/** Members with which every job would be begun in time, and whether the oldest job's age made them more. */
function demand(rules: PoolRules, seen: Observation): { wanted: number; byAge: boolean } {
  const busy = Math.ceil(seen.inFlight / rules.jobsAtOnce);
  const perMember = (seconds: number) => (rules.jobsPerMemberHour * seconds) / secondsPerHour;
  const usual = Math.ceil(seen.waiting / perMember(rules.targetWaitSeconds));
  const left = Math.max(
    rules.targetWaitSeconds - seen.oldestWaitingSeconds,
    rules.targetWaitSeconds / mostHaste,
  );
  const hasty = Math.ceil(seen.waiting / perMember(left));
  return { wanted: Math.max(busy, hasty), byAge: hasty > Math.max(busy, usual) };
}

/**
 * Members that the day's budget pays for, the floor's for the rest of the day set aside: `growth`, when each is to stay
 * for a cooldown at least, and `keep`, when they go as soon as they are told.
 */
function affordable(rules: PoolRules, seen: Observation): { growth: number; keep: number } {
  const leftSeconds = secondsPerDay - ((seen.nowMs / 1000) % secondsPerDay);
  const usd = (members: number, seconds: number) =>
    (members * rules.memberUsdPerHour * seconds) / secondsPerHour;
  const free = rules.budgetUsdPerDay - seen.spentUsd - usd(rules.floor, leftSeconds);
  const beside = (seconds: number) => Math.max(0, Math.floor(free / usd(1, Math.min(seconds, leftSeconds))));
  return {
    growth: rules.floor + beside(Math.max(rules.cooldownSeconds, removalSeconds)),
    keep: rules.floor + beside(removalSeconds),
  };
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(value, minimum), maximum);
}

function explain(
  rules: PoolRules,
  seen: Observation,
  { target, wanted, reason }: Pick<Decision, "target" | "wanted" | "reason">,
): string {
  const queue = `${seen.waiting} waiting (the oldest ${Math.round(seen.oldestWaitingSeconds)} s), ${seen.inFlight} in hand`;
  const why: Record<Reason, string> = {
    steady: "which is what the queue asks for",
    queue: `so that each is begun within ${rules.targetWaitSeconds} s`,
    age: `as the oldest has to be begun within ${rules.targetWaitSeconds} s`,
    idle: `after ${rules.cooldownSeconds} s in which fewer were enough`,
    cooldown: `though ${wanted} would do: they go after ${rules.cooldownSeconds} s, in a moment without a job in hand`,
    budget: `of the ${wanted} that would be wanted: ${seen.spentUsd.toFixed(2)} $ of today's ${rules.budgetUsdPerDay} $ are spent`,
    ceiling: `of the ${wanted} that would be wanted: the ceiling is ${rules.ceiling}`,
    floor: `as the floor is ${rules.floor}`,
  };
  return `${queue}: ${target} members in place of ${seen.members}, ${why[reason]}`;
}
