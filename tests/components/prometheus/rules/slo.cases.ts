import { burnWindows, missedShare, objectives } from "../../../../components/prometheus/rules/slo.ts";
import type { RuleCase } from "./rule-case.ts";

const rates = (recording: string, requests: string, missed: string) => ({
  'job:http_requests:rate5m{job="api"}': requests,
  [`${recording}{job="api"}`]: missed,
});
/** Ten requests a second at each moment, of which so many miss the aim. */
const missing = (recording: string, ...missed: readonly [perSecond: number, moments: number][]) => {
  const times = (value: (perSecond: number) => number) =>
    missed.map(([perSecond, moments]) => `${value(perSecond)}x${moments - 1}`).join(" ");
  return rates(
    recording,
    times(() => 10),
    times((perSecond) => perSecond),
  );
};
const errors = objectives.availability.missed;
const slow = objectives.latency.missed;
const job = { job: "api" };

/** Each share over each window, of three failing requests in a hundred: all of the window, or as long as there was one. */
const recordings = Object.values(objectives).flatMap((objective) =>
  burnWindows.map(
    (window): RuleCase => ({
      record: missedShare(objective, window),
      when: "three requests of a hundred miss the aim",
      series: missing(objective.missed, [0.3, 60]),
      stepMinutes: 2.5,
      atMinute: 100,
      values: [{ labels: job, value: 0.03 }],
    }),
  ),
);

export const sloCases: readonly RuleCase[] = [
  ...recordings,
  {
    record: missedShare(objectives.availability, "1h"),
    when: "half an hour is bad and half is good",
    series: missing(errors, [1, 30], [0, 30]),
    atMinute: 59.5,
    values: [{ labels: job, value: 0.05 }],
  },
  {
    alert: "AvailabilityBudgetBurnsFast",
    when: "after six good hours, one request in ten fails",
    series: missing(errors, [0, 180], [1, 20]),
    stepMinutes: 2,
    firesAtMinute: 370,
    notices: [{ labels: job, summary: "1.935% of the requests to api fail" }],
  },
  {
    alert: "AvailabilityBudgetBurnsFast",
    when: "it is over after five minutes",
    series: missing(errors, [0, 180], [1, 3], [0, 60]),
    stepMinutes: 2,
    quietAtMinutes: [364, 368, 372, 450],
  },
  {
    alert: "AvailabilityBudgetBurnsFast",
    when: "seven of a thousand fail for more than five hours",
    series: missing(errors, [0, 180], [0.07, 180]),
    stepMinutes: 2,
    firesAtMinute: 672,
    notices: [{ labels: job, summary: "0.6072% of the requests to api fail" }],
  },
  {
    alert: "AvailabilityBudgetBurnsFast",
    when: "there are so few requests that one in twenty is a single one",
    series: rates(errors, "0.003x120", "0.00015x120"),
    quietAtMinutes: [60, 120],
  },
  {
    alert: "AvailabilityBudgetBurnsSlowly",
    when: "after three good days, four of a thousand fail",
    series: missing(errors, [0, 144], [0.04, 50]),
    stepMinutes: 30,
    firesAtMinute: 5430,
    notices: [{ labels: job, summary: "0.3102% of the requests to api fail, for days" }],
  },
  {
    alert: "AvailabilityBudgetBurnsSlowly",
    when: "nine of ten thousand do, as they may",
    series: missing(errors, [0.009, 200]),
    stepMinutes: 30,
    quietAtMinutes: [1440, 4320, 5970],
  },
  {
    alert: "LatencyBudgetBurnsFast",
    when: "after six good hours, four of five requests take too long",
    series: missing(slow, [0, 180], [8, 40]),
    stepMinutes: 2,
    firesAtMinute: 416,
    notices: [{ labels: job, summary: "74.84% of the requests to api take longer than two seconds" }],
  },
  {
    alert: "LatencyBudgetBurnsFast",
    when: "one in five does",
    series: missing(slow, [2, 250]),
    stepMinutes: 2,
    quietAtMinutes: [60, 300, 490],
  },
  {
    alert: "LatencyBudgetBurnsSlowly",
    when: "after three good days, one in five does",
    series: missing(slow, [0, 144], [2, 50]),
    stepMinutes: 30,
    firesAtMinute: 5430,
    notices: [
      { labels: job, summary: "15.51% of the requests to api take longer than two seconds, for days" },
    ],
  },
  {
    alert: "LatencyBudgetBurnsSlowly",
    when: "four of a hundred do, as they may",
    series: missing(slow, [0.4, 200]),
    stepMinutes: 30,
    quietAtMinutes: [1440, 4320, 5970],
  },
];
