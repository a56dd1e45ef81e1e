import type { Severity } from "../../prometheus/rules/rule.ts";
import { limitOf } from "./limits.ts";
import type { Panel } from "./model.ts";
import type { GrafanaThresholds } from "./published.ts";

const colours: Record<Severity, string> = { critical: "red", warning: "orange", info: "blue" };

/** From which number on something is wrong, and how badly. */
interface Bound {
  readonly wrong: "above" | "below";
  readonly value: number;
  readonly colour: string;
}

/** Colours from which number on: those of the alerts that begin there. */
export function thresholdsOf(panel: Panel): GrafanaThresholds {
  const good = (panel.kind === "stat" && panel.colour) || "green";
  const bounds = boundsOf(panel).toSorted((one, other) => one.value - other.value);
  const below = bounds.filter(({ wrong }) => wrong === "below");
  const above = bounds.filter(({ wrong }) => wrong === "above");
  return {
    mode: "absolute",
    steps: [
      // What is lowest is worst there: each bound is where its colour ends.
      { color: below[0]?.colour ?? good, value: null },
      ...below.map(({ value }, index) => ({ color: below[index + 1]?.colour ?? good, value })),
      ...above.map(({ value, colour }) => ({ color: colour, value })),
    ],
  };
}

function boundsOf(panel: Panel): Bound[] {
  const ofAlerts = (panel.limits ?? []).map(limitOf);
  return [
    ...ofAlerts.map(({ alert, wrong, value }) => ({ wrong, value, colour: colours[alert.severity] })),
    ...(panel.kind === "stat" && panel.bad ? [{ ...panel.bad, colour: "red" }] : []),
  ];
}
