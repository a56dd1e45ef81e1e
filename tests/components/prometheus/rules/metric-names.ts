import type { RuleSet } from "../../../../components/prometheus/rules/rule.ts";

const words = new Set(["and", "or", "unless", "offset", "bool", "by", "on"]);

/** What stands in an expression of PromQL and is no metric: strings, labels, ranges, and what is grouped by. */
const rest =
  /"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)|\b\d[\w.]*/g;

/** The metrics that an expression of PromQL asks for. */
export function metricsOf(expression: string): string[] {
  const bare = expression.replace(rest, " ");
  const names = bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\()(?![\w:])/g);
  return [...names].map(([name]) => name).filter((name) => !words.has(name));
}

/**
 * The metrics that sets of rules ask for and do not record themselves.
 *
 * @param more What others ask of Prometheus.
 */
export function metricsAskedFor(sets: readonly RuleSet[], more: readonly string[] = []): string[] {
  const recorded = new Set(sets.flatMap(({ recordings = [] }) => recordings.map(({ record }) => record)));
  const expressions = sets.flatMap(({ recordings = [], alerts = [] }) =>
    [...recordings, ...alerts].map(({ expression }) => expression),
  );
  const asked = new Set([...expressions, ...more].flatMap(metricsOf));
  return [...asked].filter((name) => !recorded.has(name)).toSorted();
}
