import { setTimeout as sleep } from "node:timers/promises";

/** How something is. Of what is `unchecked` nobody can say: it is neither well nor ill. */
export type Verdict = "critical" | "warning" | "unchecked" | "healthy";

/** From the worst to the best. */
export const verdicts: readonly Verdict[] = ["critical", "warning", "unchecked", "healthy"];

/** What there is to be asked about. */
export const subjects = [
  "cloud",
  "api",
  "database",
  "cache",
  "queue",
  "storage",
  "certificates",
  "cluster",
  "monitoring",
] as const;

/** What a check is about. */
export type Subject = (typeof subjects)[number];

/** What came back. */
export interface Answer {
  readonly verdict: Verdict;
  /** In words, with figures; of what was not checked the reason. */
  readonly answer: string;
  /** The figures, by name with unit. */
  readonly measured?: Readonly<Record<string, number>>;
}

/** One thing that is asked. */
export interface Check {
  readonly subject: Subject;
  /** What is looked at; with its subject it is unique. @example "whisper-staging-postgres-cluster" */
  readonly name: string;
  /** What is asked of it. @example "a connection, and what its activity is" */
  readonly asked: string;
  /** What to do when it is not well. @example "docs/runbooks/PostgresUnreachable.md" */
  readonly remedy: string;
  /** Asks. What it throws counts as critical, unless it is a {@link NotAsked}. */
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
}

/** What a check has found. */
export interface Finding extends Answer {
  readonly subject: Subject;
  readonly name: string;
  readonly asked: string;
  /** What to do; absent of what is healthy. */
  readonly remedy?: string;
  readonly tookMs: number;
}

/** It could not even be asked: of how it is, nothing follows. */
export class NotAsked extends Error {
  override readonly name: string = "NotAsked";
}

/** How long anybody is waited for. */
const limitSeconds = 10;

/** Asks all at once; who has not answered in time is critical. The findings come in the order of the checks. */
export function runChecks(checks: readonly Check[], signal: AbortSignal): Promise<Finding[]> {
  return Promise.all(checks.map((check) => runCheck(check, signal)));
}

async function runCheck({ ask, remedy, subject, name, asked }: Check, signal: AbortSignal): Promise<Finding> {
  const began = performance.now();
  const over = new AbortController();
  const answer = await Promise.race([
    ask(AbortSignal.any([signal, over.signal])),
    sleep(limitSeconds * 1000, undefined, { signal: over.signal }).then(
      (): Answer => ({ verdict: "critical", answer: `no answer within ${limitSeconds} s` }),
    ),
  ]).catch(
    (error: unknown): Answer =>
      error instanceof NotAsked ? unchecked(error.message) : { verdict: "critical", answer: reasonOf(error) },
  );
  over.abort();
  const tookMs = Math.round(performance.now() - began);
  return { subject, name, asked, ...answer, ...(answer.verdict !== "healthy" && { remedy }), tookMs };
}

/** What could not be asked, and why; never counted as healthy. */
export const unchecked = (because: string): Answer => ({
  verdict: "unchecked",
  answer: `not checked, because ${because}`,
});

/** The worst of several findings on one thing, all of them in words. */
export function judged(
  parts: readonly { readonly verdict: Verdict; readonly text: string }[],
  measured: Readonly<Record<string, number>> = {},
): Answer {
  return {
    verdict: worst(parts.map(({ verdict }) => verdict)),
    answer: parts.map(({ text }) => text).join(", "),
    measured,
  };
}

/** The worst of them; of nothing, `unchecked`. */
export const worst = (found: readonly Verdict[]): Verdict =>
  verdicts.find((verdict) => found.includes(verdict)) ?? "unchecked";

/** How a figure is that should not be above its limits. */
export function notAbove(
  value: number,
  limits: { readonly warning?: number; readonly critical?: number },
): Verdict {
  if (value > (limits.critical ?? Number.POSITIVE_INFINITY)) return "critical";
  return value > (limits.warning ?? Number.POSITIVE_INFINITY) ? "warning" : "healthy";
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What an error says; what a client wraps, it says least. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
