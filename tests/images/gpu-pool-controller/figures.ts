import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dropletSizes } from "../../../catalog/sizes.ts";
import type { PoolRules } from "../../../images/gpu-pool-controller/src/decision.ts";
import { days, jobsOf } from "./days.ts";
import { readRecording } from "./recording.ts";
import { type Job, type Outcome, simulate } from "./simulation.ts";

const size = "gpu-l40sx1-48gb";

/** The elastic pool that is measured: what a component says when it is told no more than it must. */
export const elastic: PoolRules = {
  floor: 1,
  ceiling: 4,
  cooldownSeconds: 900,
  jobsPerMemberHour: 12,
  jobsAtOnce: 1,
  targetWaitSeconds: 600,
  budgetUsdPerDay: 100,
  memberUsdPerHour: dropletSizes.find(({ slug }) => slug === size)?.hourlyUsd ?? Number.NaN,
};

/** Six minutes until a droplet works is a guess: nobody has measured it yet. */
export const droplets = { bootSeconds: 360, visibilityTimeoutSeconds: 7800 };

/** A fixed pool: neither floor nor ceiling leave a choice, and the budget is not asked. */
export const fixed = (count: number): PoolRules => ({ ...elastic, floor: count, ceiling: count });

/** A load that was recorded: what docs/gpu-pool.md says of it. */
const trialFile = fileURLToPath(new URL("trial.csv", import.meta.url));

/** The page that people read. */
export const pageFile = fileURLToPath(new URL("../../../docs/gpu-pool.md", import.meta.url));

/** The page with its figures as the simulation has them. */
export function pageWith(text: string): string {
  const place = /(<!-- generated: figures -->)[\s\S]*?(<!-- end -->)/;
  if (!place.test(text)) throw new Error("docs/gpu-pool.md has no place for the figures");
  return text.replace(
    place,
    (_, start: string, end: string) => `${start}\n\n${figuresTable(outcomes())}\n\n${end}`,
  );
}

/** A load that pools are measured on, and what it has to be reckoned with. */
interface Load {
  readonly jobs: readonly Job[];
  /** Pools by what they are called, the elastic one last. */
  readonly pools: Readonly<Record<string, PoolRules>>;
}

/** Fixed pools of some sizes, and the elastic one from the smallest to the largest. */
export function poolsOf(rules: PoolRules, counts: readonly number[]): Load["pools"] {
  const fixedOnes = counts.map((count) => [`fixed, ${count}`, { ...rules, floor: count, ceiling: count }]);
  return {
    ...Object.fromEntries(fixedOnes),
    [`elastic, ${rules.floor} to ${rules.ceiling}`]: rules,
  };
}

/** How many of a load's jobs a droplet finishes in an hour, rounded down, as they were in the mean. */
export function jobsPerHour(jobs: readonly Job[]): number {
  const seconds = jobs.reduce((sum, job) => sum + job.seconds, 0);
  return Math.max(1, Math.floor((3600 * jobs.length) / seconds));
}

/** In the trial, a second stands for a minute. */
const trialScale = 60;

function loads(): Readonly<Record<string, Load>> {
  const invented = Object.entries(days).map(([day, hours]) => [
    day,
    { jobs: jobsOf(hours), pools: poolsOf(elastic, [1, 2, 4]) },
  ]);
  const trial = readRecording(readFileSync(trialFile, "utf8"), trialScale);
  const rules = { ...elastic, jobsPerMemberHour: jobsPerHour(trial) };
  return {
    ...Object.fromEntries(invented),
    "recorded on a trial": { jobs: trial, pools: poolsOf(rules, [1, 2, 4]) },
  };
}

/** How each of the pools did. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/** How each pool does with a load. */
export function outcomesOf({ jobs, pools }: Load): Outcomes {
  return Object.fromEntries(
    Object.entries(pools).map(([pool, rules]) => [pool, simulate(jobs, rules, droplets)]),
  );
}

let simulated: Readonly<Record<string, Outcomes>> | undefined;

/** How each pool did with each load; reckoned once. */
export function outcomes(): Readonly<Record<string, Outcomes>> {
  simulated ??= Object.fromEntries(Object.entries(loads()).map(([day, load]) => [day, outcomesOf(load)]));
  return simulated;
}

/** A table in Markdown: each load with fixed pools and with the elastic one. */
export function figuresTable(all: Readonly<Record<string, Outcomes>>): string {
  const rows = Object.entries(all).flatMap(([day, pools]) =>
    Object.entries(pools).map(([pool, outcome]) => row(day, pool, outcome)),
  );
  return [
    "| day | pool | $ a day | mean wait | 9 in 10 wait at most | longest wait | jobs begun anew |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function row(day: string, pool: string, outcome: Outcome): string {
  const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;
  const { usd, days: count, meanWaitSeconds, wait90Seconds, longestWaitSeconds, begunAnew } = outcome;
  const cells = [
    day,
    pool,
    (usd / count).toFixed(2),
    ...[meanWaitSeconds, wait90Seconds, longestWaitSeconds].map(minutes),
    begunAnew,
  ];
  return `| ${cells.join(" | ")} |`;
}
