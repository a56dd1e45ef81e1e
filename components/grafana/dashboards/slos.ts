import { missedShare, objectives } from "../../prometheus/rules/slo.ts";
import type { Dashboard, Panel, Unit } from "./model.ts";

const { availability, latency } = objectives;

/** What of the budget of fourteen days is left; below 0 it is overdrawn. */
const budgetLeft = (objective: typeof availability | typeof latency) =>
  `1 - avg_over_time(${missedShare(objective, "1d")}[13d]) / ${objective.budget}`;

const budget = (title: string, objective: typeof availability | typeof latency): Panel => ({
  kind: "stat",
  title,
  description: "Of what may go wrong within a fortnight, what has not. Below 0 the aim is missed.",
  width: 6,
  unit: "percentunit",
  bad: { wrong: "below", value: 0 },
  queries: [{ expression: budgetLeft(objective), legend: "{{job}}" }],
});

const kept = (
  title: string,
  description: string,
  objective: typeof availability | typeof latency,
): Panel => ({
  kind: "stat",
  title,
  description,
  width: 6,
  unit: "percentunit",
  bad: { wrong: "below", value: 1 - objective.budget },
  queries: [{ expression: `1 - ${missedShare(objective, "3d")}`, legend: "{{job}}" }],
});

/** Of all requests of 90 days, the share that kept to an aim. */
const keptInQuarter = (title: string, objective: typeof availability | typeof latency): Panel => ({
  kind: "stat",
  title,
  description: "Share of all requests of the last 90 days, or of as many as there are.",
  width: 12,
  unit: "percentunit",
  quarter: true,
  bad: { wrong: "below", value: 1 - objective.budget },
  queries: [
    {
      expression: `1 - sum_over_time(${objective.missed}[90d]) / (sum_over_time(job:http_requests:rate5m[90d]) > 0)`,
      legend: "{{job}}",
    },
  ],
});

/** A figure day by day. */
const dayByDay = (title: string, description: string, expression: string, unit: Unit): Panel => ({
  ...{ kind: "lines", title, description, width: 8, unit, quarter: true },
  queries: [{ expression, legend: "{{job}}" }],
});

/** Whether the aims are kept, and how long it stays so at this pace. */
export const slos: Dashboard = {
  uid: "slos",
  title: "Objectives",
  folder: "Service",
  question: "Are the promises kept, and for how long at this pace?",
  span: "7d",
  rows: [
    {
      title: "Now",
      panels: [
        kept("Succeeded, last 3 days", "Share of the requests. The aim is 99.9 %.", availability),
        budget("Failures left", availability),
        kept("Within two seconds, last 3 days", "Share of the requests. The aim is 95 %.", latency),
        budget("Slow answers left", latency),
      ],
    },
    {
      title: "Requests that failed",
      panels: [
        {
          kind: "lines",
          title: "Failed share over an hour",
          description: "At the line, what a month may have is used up within two days.",
          width: 12,
          unit: "percentunit",
          queries: [{ expression: missedShare(availability, "1h"), legend: "{{job}}" }],
          limits: ["AvailabilityBudgetBurnsFast"],
        },
        {
          kind: "lines",
          title: "Failed share over a day",
          description: "At the line, what a month may have is used up within ten days.",
          width: 12,
          unit: "percentunit",
          queries: [{ expression: missedShare(availability, "1d"), legend: "{{job}}" }],
          limits: ["AvailabilityBudgetBurnsSlowly"],
        },
      ],
    },
    {
      title: "Requests that took longer than two seconds",
      panels: [
        {
          kind: "lines",
          title: "Slow share over an hour",
          description: "At the line, what a month may have is used up within two days.",
          width: 12,
          unit: "percentunit",
          queries: [{ expression: missedShare(latency, "1h"), legend: "{{job}}" }],
          limits: ["LatencyBudgetBurnsFast"],
        },
        {
          kind: "lines",
          title: "Slow share over a day",
          description: "At the line, what a month may have is used up within ten days.",
          width: 12,
          unit: "percentunit",
          queries: [{ expression: missedShare(latency, "1d"), legend: "{{job}}" }],
          limits: ["LatencyBudgetBurnsSlowly"],
        },
      ],
    },
    {
      title: "Response times on average",
      panels: [
        {
          kind: "lines",
          title: "Mean, over half an hour",
          description: "The aim is below half a second.",
          width: 24,
          unit: "s",
          queries: [
            {
              expression: "avg_over_time(job:http_request_duration_seconds:mean5m[30m])",
              legend: "{{job}}",
            },
          ],
          limits: ["ResponsesSlowOnAverage"],
        },
      ],
    },
    {
      title: "The last 90 days",
      panels: [
        keptInQuarter("Succeeded, last 90 days", availability),
        keptInQuarter("Within two seconds, last 90 days", latency),
        dayByDay(
          "Requests a second",
          "On average over a day: how much the platform is used.",
          "avg_over_time(job:http_requests:rate5m[1d])",
          "reqps",
        ),
        dayByDay(
          "Failed share over a day",
          "Whether it has become better or worse since the last releases.",
          missedShare(availability, "1d"),
          "percentunit",
        ),
        dayByDay(
          "Mean response time",
          "On average over a day.",
          "avg_over_time(job:http_request_duration_seconds:mean5m[1d])",
          "s",
        ),
      ],
    },
  ],
};
