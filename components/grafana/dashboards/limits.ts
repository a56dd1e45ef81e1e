import type { Alert } from "../../prometheus/rules/rule.ts";
import { ruleSets } from "../../prometheus/rules/rule-sets.ts";

/** Where an alert begins. */
export interface Limit {
  readonly alert: Alert;
  /** What of the alert's expression is compared: the text before the sign. */
  readonly measured: string;
  /** Whether it is the larger or the smaller number that is wrong. */
  readonly wrong: "above" | "below";
  readonly value: number;
}

const alerts = new Map(ruleSets.flatMap((set) => (set.alerts ?? []).map((alert) => [alert.name, alert])));

/** The alert of a name. */
export function alertOf(name: string): Alert {
  const alert = alerts.get(name);
  if (alert === undefined) throw new Error(`A panel names the alert ${name}, which is none.`);
  return alert;
}

/** A number, or a product of some, that something is compared with. */
const comparison = /^(?<measured>.*?)\s*(?<sign>[<>])=?\s*(?<value>\d+(?:\.\d+)?(?:\s*\*\s*\d+)*)(?=\s|\)|$)/;

/** The limit of an alert, read from its rule: of several comparisons the first. */
export function limitOf(name: string): Limit {
  const alert = alertOf(name);
  const { measured, sign, value } = comparison.exec(alert.expression)?.groups ?? {};
  if (measured === undefined || value === undefined) {
    throw new Error(`A panel draws the limit of ${name}, whose rule compares nothing with a number.`);
  }
  return {
    alert,
    measured,
    wrong: sign === ">" ? "above" : "below",
    value: value.split("*").reduce((product, factor) => product * Number(factor), 1),
  };
}
