import type { Alert, Recording, RuleSet } from "./rule.ts";

/** An aim, as the share of requests that may miss it. */
export interface Objective {
  /** What is missed. @example "availability" */
  readonly name: string;
  /** Recording of the requests that miss it, a second. */
  readonly missed: string;
  /** The share of all requests that may: the error budget. */
  readonly budget: number;
}

/** 99.9 % of requests succeed, and 95 % are answered within two seconds. */
export const objectives = {
  availability: { name: "availability", missed: "job:http_errors:rate5m", budget: 0.001 },
  latency: { name: "latency", missed: "job:http_slow_requests:rate5m", budget: 0.05 },
} as const satisfies Record<string, Objective>;

/** Windows over which the share is computed; the longest is well within the fifteen days that are kept. */
export const burnWindows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
type Window = (typeof burnWindows)[number];

/** Name of the recording of an objective's missed share over a window. */
export const missedShare = ({ name }: Objective, window: Window) => `job:${name}_missed:ratio_${window}`;

/**
 * From the recorded rates, not from the requests' own counters: three days of those would be millions of samples at each
 * evaluation.
 */
function shares(objective: Objective): Recording[] {
  return burnWindows.map((window) => ({
    record: missedShare(objective, window),
    expression: `sum_over_time(${objective.missed}[${window}]) / (sum_over_time(job:http_requests:rate5m[${window}]) > 0)`,
  }));
}

/** Two windows: the long one says that it matters, the short one that it still goes on. */
interface Pace {
  readonly long: Window;
  readonly short: Window;
  /** How many times as fast as would use up the budget of thirty days in thirty days. */
  readonly factor: number;
}

/** As in Google's SRE workbook, chapter 5: 2 % of the month's budget in an hour, 5 % in six; 10 % in one or three days. */
const paces = {
  fast: [
    { long: "1h", short: "5m", factor: 14.4 },
    { long: "6h", short: "30m", factor: 6 },
  ],
  slow: [
    { long: "1d", short: "2h", factor: 3 },
    { long: "3d", short: "6h", factor: 1 },
  ],
} as const satisfies Record<string, readonly Pace[]>;

/** Ten requests that missed: of fewer, a share says nothing. */
const enough = ({ missed }: Objective, hours: number) =>
  `avg_over_time(${missed}[${hours}h]) * ${hours * 3600} > 10`;

function burns(objective: Objective, { long, short, factor }: Pace, hours: number): string {
  const limit = Number((factor * objective.budget).toPrecision(6));
  return `(${missedShare(objective, long)} > ${limit} and ${missedShare(objective, short)} > ${limit} and ${enough(objective, hours)})`;
}

const burnsFast = (objective: Objective) =>
  paces.fast.map((pace, index) => burns(objective, pace, index === 0 ? 1 : 6)).join(" or ");
const burnsSlowly = (objective: Objective) =>
  paces.slow.map((pace, index) => burns(objective, pace, index === 0 ? 24 : 72)).join(" or ");

/** The two alerts of an objective. */
function alertsOf(objective: Objective, stem: string, what: string): Alert[] {
  return [
    {
      name: `${stem}BudgetBurnsFast`,
      severity: "critical",
      expression: burnsFast(objective),
      lasting: "2m",
      lingering: "5m",
      summary: `{{ $value | humanizePercentage }} of the requests to {{ $labels.job }} ${what}`,
      description:
        "At this pace the errors that a month may have are used up within two days (14.4 times too fast over an hour) or five (6 times over six hours).",
    },
    {
      name: `${stem}BudgetBurnsSlowly`,
      severity: "warning",
      expression: burnsSlowly(objective),
      lasting: "15m",
      summary: `{{ $value | humanizePercentage }} of the requests to {{ $labels.job }} ${what}, for days`,
      description:
        "At this pace the errors that a month may have are used up before it ends (3 times too fast over a day, or no slower than allowed over three).",
    },
  ];
}

/** Whether the aims are kept: 99.9 % of requests succeed, and 95 % are answered within two seconds. */
export const sloRules: RuleSet = {
  subject: "slo",
  dashboard: "slos",
  recordings: Object.values(objectives).flatMap(shares),
  alerts: [
    ...alertsOf(objectives.availability, "Availability", "fail"),
    ...alertsOf(objectives.latency, "Latency", "take longer than two seconds"),
  ],
};
