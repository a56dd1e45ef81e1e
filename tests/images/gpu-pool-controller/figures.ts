import { fileURLToPath } from "node:url";
import { dropletSizes } from "../../../catalog/sizes.ts";
import type { PoolRules } from "../../../images/gpu-pool-controller/src/decision.ts";
import { days, jobsOf } from "./days.ts";
import { type Outcome, simulate } from "./simulation.ts";

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

/** The page that people read. */
export const pageFile = fileURLToPath(new URL("../../../docs/gpu-pool.md", import.meta.url));

/** The page with its figures as the simulation has them. */
export function pageWith(text: string): string {
  const place = /(<!-- generated: figures -->)[\s\S]*?(<!-- end -->)/;
  if (!place.test(text)) throw new Error("docs/gpu-pool.md has no place for the figures");
  return text.replace(place, (_, start: string, end: string) => `${start}\n\n${figuresTable()}\n\n${end}`);
}

const pools = {
  "fixed, 1": fixed(1),
  "fixed, 2": fixed(2),
  "fixed, 4": fixed(4),
  "elastic, 1 to 4": elastic,
} as const;

/** How each of the pools did. */
export type Outcomes = Readonly<Record<keyof typeof pools, Outcome>>;

let simulated: Readonly<Record<string, Outcomes>> | undefined;

/** How each pool did on each kind of day; reckoned once. */
export function outcomes(): Readonly<Record<string, Outcomes>> {
  simulated ??= Object.fromEntries(
    Object.entries(days).map(([day, hours]) => {
      const jobs = jobsOf(hours);
      const on = (pool: keyof typeof pools) => simulate(jobs, pools[pool], droplets);
      const all: Outcomes = {
        "fixed, 1": on("fixed, 1"),
        "fixed, 2": on("fixed, 2"),
        "fixed, 4": on("fixed, 4"),
        "elastic, 1 to 4": on("elastic, 1 to 4"),
      };
      return [day, all];
    }),
  );
  return simulated;
}

/** The table of `docs/gpu-pool.md`, in Markdown: each day with fixed pools and with the elastic one. */
function figuresTable(): string {
  const rows = Object.entries(outcomes()).flatMap(([day, all]) =>
    Object.entries(all).map(([pool, outcome]) => row(day, pool, outcome)),
  );
  return [
    "| day | pool | $ a day | mean wait | 9 in 10 wait at most | longest wait | jobs begun anew |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function row(day: string, pool: string, outcome: Outcome): string {
  const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;
  const { usd, meanWaitSeconds, wait90Seconds, longestWaitSeconds, begunAnew } = outcome;
  const cells = [
    day,
    pool,
    (usd / 3).toFixed(2),
    ...[meanWaitSeconds, wait90Seconds, longestWaitSeconds].map(minutes),
    begunAnew,
  ];
  return `| ${cells.join(" | ")} |`;
}
