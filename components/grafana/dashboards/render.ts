import { dataSourceUids } from "../data-sources.ts";
import { alertOf } from "./limits.ts";
import type { Dashboard, Panel, Query, Row, StatPanel, Unit, Variable } from "./model.ts";
import type {
  GrafanaAnnotation,
  GrafanaDashboard,
  GrafanaFieldConfig,
  GrafanaLink,
  GrafanaPanel,
  GrafanaRow,
  GrafanaVariable,
} from "./published.ts";
import { thresholdsOf } from "./thresholds.ts";
import { type Asking, visualisation } from "./visualisations.ts";

/** By which the dashboards of the platform are found from one another. */
const tag = "platform";

/** Version of the form of dashboards that Grafana 12.4 writes. */
const schemaVersion = 42;

const source = { type: "prometheus", uid: dataSourceUids.prometheus };
const history = { type: "prometheus", uid: dataSourceUids.history };
const sourceOf = ({ quarter = false }: Panel) => (quarter ? history : source);

/** What a release changed, over all time that is seen: the first question when something is wrong. */
export const releaseAnnotation: Query = {
  expression:
    'count by (container, image) (kube_pod_container_info{namespace=~".+-(application|edge)"}) unless count by (container, image) (kube_pod_container_info{namespace=~".+-(application|edge)"} offset 5m)',
  legend: "{{container}}: {{image}}",
};

/**
 * A dashboard as Grafana reads it.
 *
 * @param runbooks Address of the folder of runbooks; a path, and panels name the pages without leading there.
 */
export function renderDashboard(dashboard: Dashboard, runbooks: string): GrafanaDashboard {
  const { uid, title, question, span = "6h", variables = [], rows } = dashboard;
  return {
    uid,
    title,
    description: question,
    tags: [tag],
    schemaVersion,
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: `now-${span}`, to: "now" },
    timezone: "browser",
    links: [otherDashboards],
    annotations: { list: [releases] },
    templating: { list: variables.map(variable) },
    panels: placed(rows, runbooks),
  };
}

const otherDashboards: GrafanaLink = {
  type: "dashboards",
  title: "Dashboards",
  icon: "dashboard",
  tooltip: "",
  tags: [tag],
  asDropdown: true,
  includeVars: false,
  keepTime: true,
  targetBlank: false,
};

const releases = {
  name: "Releases",
  datasource: source,
  enable: true,
  iconColor: "blue",
  expr: releaseAnnotation.expression,
  titleFormat: "Release",
  textFormat: releaseAnnotation.legend,
  step: "60s",
} satisfies GrafanaAnnotation & Record<string, unknown>;

function variable({ name, label, metric }: Variable): GrafanaVariable {
  const query = `label_values(${metric}, ${name})`;
  return {
    type: "query",
    name,
    label,
    datasource: source,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { text: "All", value: "$__all" },
  };
}

const columns = 24;
const rowHeight = 1;
const heightOf = (panel: Panel) => (panel.kind === "stat" ? 4 : 8);
const widthOf = (panel: Panel) => panel.width ?? (panel.kind === "stat" ? 6 : 8);

/** Headings and panels, from left to right and on into the next line. */
function placed(rows: readonly Row[], runbooks: string): (GrafanaPanel | GrafanaRow)[] {
  const all: (GrafanaPanel | GrafanaRow)[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const gridPos = { x: 0, y, w: columns, h: rowHeight };
    all.push({ type: "row", id: all.length + 1, title, collapsed: false, panels: [], gridPos });
    y += rowHeight;
    let x = 0;
    let tallest = 0;
    for (const panel of panels) {
      const w = widthOf(panel);
      const h = heightOf(panel);
      if (x + w > columns) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      all.push(renderPanel(panel, all.length + 1, { x, y, w, h }, runbooks));
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return all;
}

function renderPanel(
  panel: Panel,
  id: number,
  gridPos: NonNullable<GrafanaPanel["gridPos"]>,
  runbooks: string,
): GrafanaPanel {
  const told = [...(panel.limits ?? []), ...(panel.alerts ?? [])].map((name) => alertOf(name).name);
  const leadsThere = runbooks.startsWith("https://");
  const pages = told.map((name) => `${runbooks}/${name}.md`);
  const seen = visualisation(panel);
  return {
    id,
    type: seen.type,
    title: panel.title,
    description: [
      panel.description,
      ...(leadsThere || told.length === 0 ? [] : [`Runbooks: ${pages.join(", ")}`]),
    ].join("\n\n"),
    datasource: sourceOf(panel),
    ...(panel.quarter === true && { timeFrom: "90d" }),
    gridPos,
    ...(leadsThere && { links: told.map((name) => runbookLink(name, `${runbooks}/${name}.md`)) }),
    targets: panel.queries.map((query, index) => target(query, index, seen.asks, sourceOf(panel))),
    fieldConfig: { defaults: { ...fieldOf(panel), custom: seen.custom }, overrides: [] },
    options: seen.options,
    ...(seen.transformations && { transformations: [...seen.transformations] }),
  };
}

const runbookLink = (name: string, url: string): GrafanaLink => ({
  type: "link",
  title: `What to do: ${name}`,
  url,
  icon: "doc",
  tooltip: alertOf(name).description,
  tags: [],
  asDropdown: false,
  includeVars: false,
  keepTime: false,
  targetBlank: true,
});

function target(
  { expression, legend }: Query,
  index: number,
  { over, format }: Asking,
  datasource: ReturnType<typeof sourceOf>,
) {
  return {
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    datasource,
    expr: expression,
    legendFormat: legend ?? "__auto",
    format,
    instant: over === "now",
    range: over === "time",
  };
}

function fieldOf(panel: Panel): GrafanaFieldConfig {
  const { unit } = panel;
  const hasScale = panel.kind === "lines" || panel.kind === "bars";
  const maximum = hasScale ? panel.maximum : undefined;
  return {
    unit: grafanaUnits[unit] ?? unit,
    thresholds: thresholdsOf(panel),
    color: { mode: panel.kind === "lines" || panel.kind === "heatmap" ? "palette-classic" : "thresholds" },
    ...(hasScale && { min: 0 }),
    ...(maximum !== undefined && { max: maximum }),
    ...(panel.kind === "stat" && panel.words && { mappings: mappingsOf(panel.words) }),
  };
}

/** Those of ours that Grafana calls otherwise. */
const grafanaUnits: Partial<Record<Unit, string>> = { bool: "none" };

function mappingsOf(words: NonNullable<StatPanel["words"]>): NonNullable<GrafanaFieldConfig["mappings"]> {
  return [{ type: "value", options: { "0": { text: words[0] }, "1": { text: words[1] } } }];
}
