import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashboardsOf } from "../../../components/grafana/dashboards/dashboards.ts";
import type { Panel, Query } from "../../../components/grafana/dashboards/model.ts";
import { releaseAnnotation } from "../../../components/grafana/dashboards/render.ts";
import { visualisation } from "../../../components/grafana/dashboards/visualisations.ts";
import { grafanaArgs } from "./args.ts";
import { type Answer, AskedPrometheus, prometheusIsHere } from "./asked-prometheus.ts";
import { afternoon } from "./series.ts";

// Of an environment that has everything that a dashboard can show.
const dashboards = dashboardsOf(grafanaArgs().facts);
const panels = dashboards.flatMap(({ uid, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => [uid, panel.title, panel] as const)),
);

let prometheus: AskedPrometheus;

/** As Grafana fills it in when all is chosen. */
const filledIn = (expression: string) => expression.replaceAll(/\$\w+/g, ".*");

function ask(panel: Panel, { expression }: Query): Promise<Answer[]> {
  return visualisation(panel).asks.over === "now"
    ? prometheus.now(filledIn(expression))
    : prometheus.overTime(filledIn(expression));
}

/** What a panel shows of a query: numbers, where there are any. */
const shown = (answers: readonly Answer[]) =>
  answers.filter(({ values }) => values.some((value) => Number.isFinite(value)));

/** Labels that a panel writes beside its numbers. */
const labelsOf = (panel: Panel, { legend = "" }: Query) =>
  panel.kind === "table"
    ? Object.keys(panel.columns).filter((column) => column !== "Value")
    : [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);

beforeAll(async () => {
  if (!prometheusIsHere) return;
  prometheus = await AskedPrometheus.start(afternoon);
  // Some groups of rules read what others record, and those what others do.
  for (let round = 0; round < 3; round += 1) await prometheus.evaluatesAllRules();
});

afterAll(async () => prometheus?.stop());

describe.skipIf(!prometheusIsHere)("A real Prometheus", () => {
  it.each(panels)("has something to show for each query of %s: %s", async (_, __, panel) => {
    for (const query of panel.queries) {
      const answers = shown(await ask(panel, query));
      expect(answers.length, query.expression).toBeGreaterThan(0);
      for (const label of labelsOf(panel, query)) {
        expect(
          answers.filter(({ labels }) => labels[label] !== undefined).length,
          `{{${label}}} of ${query.expression}`,
        ).toBeGreaterThan(0);
      }
    }
  });

  it("has nothing to show for a metric that nobody tells, nor for what is not a number", async () => {
    const query = { expression: "http_request_total", legend: "{{job}}" };
    const panel = { kind: "lines", title: "", description: "", unit: "short", queries: [query] } as const;
    expect(shown(await ask(panel, query))).toEqual([]);
    expect(shown(await ask(panel, { expression: "0 * up / 0" }))).toEqual([]);
    await expect(ask(panel, { expression: "sum(up" })).rejects.toThrow("refuses sum(up");
  });

  it("knows the values that can be chosen at the top", async () => {
    for (const { uid, variables = [] } of dashboards) {
      for (const { name, metric } of variables) {
        const values = await prometheus.now(`count by (${name}) (${metric}{${name}!=""})`);
        expect(values.length, `${uid}: ${name}`).toBeGreaterThan(0);
      }
    }
  });

  it("sees a release when it comes, and not for ever", async () => {
    const seen = await prometheus.overTime(releaseAnnotation.expression);
    expect(seen.map(({ labels }) => labels)).toEqual([{ container: "api", image: "registry/api:1.5.0" }]);
  });
});
