import { setTimeout as sleep } from "node:timers/promises";
import type { Finding, Verdict } from "./check.ts";
import type { HealthReport } from "./report.ts";

/** What a round has found to be otherwise than the one before. */
export interface Change {
  /** Absent of what was not there before. */
  readonly before: Verdict | undefined;
  readonly now: Finding;
}

const keyOf = ({ subject, name }: Finding): string => `${subject} ${name}`;

/** What became better or worse. */
export function changesBetween(before: HealthReport, now: HealthReport): Change[] {
  const known = new Map(before.checks.map((finding) => [keyOf(finding), finding.verdict]));
  return now.checks
    .map((finding) => ({ before: known.get(keyOf(finding)), now: finding }))
    .filter(({ before: verdict, now: { verdict: current } }) => verdict !== current);
}

/**
 * Goes round until it is told to end. A round begins an interval after the one before began, or at once where that
 * took longer.
 *
 * @param onRound Told of each round, and of the one before.
 * @returns The last round that came to its end.
 */
export async function watch(
  round: (signal: AbortSignal) => Promise<HealthReport>,
  intervalMs: number,
  signal: AbortSignal,
  onRound: (report: HealthReport, before: HealthReport | undefined) => void,
): Promise<HealthReport | undefined> {
  let last: HealthReport | undefined;
  while (!signal.aborted) {
    const began = performance.now();
    const report = await round(signal);
    // What was cut short would say that nobody answers.
    if (signal.aborted) return last;
    onRound(report, last);
    last = report;
    const leftMs = Math.max(0, intervalMs - (performance.now() - began));
    await sleep(leftMs, undefined, { signal }).catch(() => undefined);
  }
  return last;
}
