import type { CostLine, EnvironmentCost } from "../../infra/cost.ts";
import type { CostChange } from "./change-report.ts";
import type { Output } from "./output.ts";

type Span = EnvironmentCost["total"];

/** The bill of an environment, for people. */
export function costText(
  environment: string,
  cost: EnvironmentCost,
  { colors }: Pick<Output, "colors">,
): string {
  const { total, components, notPriced, pricedOn } = cost;
  return [
    colors.bold(`${environment}: ${dollars(total)} a month`),
    ...components.flatMap(({ component, usd, lines }) => [
      "",
      colors.bold(`${component}: ${dollars(usd)}`),
      ...lines.map((line) => `  ${line.resource}\n    ${arithmetic(line)}`),
    ]),
    "",
    "Not in it:",
    ...notPriced.map(({ what, resources }) => `  - ${[what, ...resources].join("\n      ")}`),
    "",
    `Prices of ${pricedOn.join(" and ")}, in US dollars, from catalog/.`,
  ].join("\n");
}

/** What a change does to the bill, on one line: `412.05 $ → 472.95 $ a month (+60.90 $)`. */
export function costChangeText({ before, after }: CostChange): string {
  if (dollars(before) === dollars(after)) return `${dollars(after)} a month, as before`;
  const differences = [after.minimum - before.minimum, after.maximum - before.maximum].map(signed);
  return `${dollars(before)} → ${dollars(after)} a month (${[...new Set(differences)].join(" to ")} $)`;
}

function arithmetic({ count, unit, unitUsd, usd, waived }: CostLine): string {
  const factors = `${span(count, String)} x ${unit} x ${money(unitUsd)} $`;
  return waived === undefined ? `${factors} = ${dollars(usd)}` : `${factors}: not paid for, ${waived}`;
}

/** A sum, or what it lies between: `412.05 $`. */
export const dollars = (usd: Span): string => `${span(usd, money)} $`;

const span = ({ minimum, maximum }: Span, text: (value: number) => string): string =>
  minimum === maximum ? text(minimum) : `${text(minimum)} to ${text(maximum)}`;

const money = (usd: number): string => usd.toFixed(2);

const signed = (usd: number): string => `${usd < 0 ? "−" : "+"}${money(Math.abs(usd))}`;
