import type { BarsPanel, HeatmapPanel, LinesPanel, Panel, StatPanel, TablePanel } from "./model.ts";
import type {
  BarsOptions,
  GrafanaPanel,
  HeatmapOptions,
  LinesField,
  LinesOptions,
  StatOptions,
  TableOptions,
} from "./published.ts";

/** How a kind of panel asks: over time or now, and in which form. */
export interface Asking {
  readonly over: "time" | "now";
  readonly format: "time_series" | "heatmap" | "table";
}

/** What a kind of panel is in Grafana. */
interface Visualisation {
  readonly type: string;
  readonly asks: Asking;
  readonly options: NonNullable<GrafanaPanel["options"]>;
  readonly custom: Record<string, unknown>;
  readonly transformations?: NonNullable<GrafanaPanel["transformations"]>;
}

/** The picture of a panel. */
export function visualisation(panel: Panel): Visualisation {
  switch (panel.kind) {
    case "stat":
      return stat(panel);
    case "lines":
      return lines(panel);
    case "bars":
      return bars(panel);
    case "heatmap":
      return heatmap(panel);
    case "table":
      return table(panel);
  }
}

const last = { calcs: ["lastNotNull"], fields: "", values: false };

function stat({ queries, words }: StatPanel): Visualisation {
  const several = queries.length > 1 || queries.some(({ legend }) => legend !== undefined);
  const options: StatOptions = {
    reduceOptions: last,
    orientation: "auto",
    colorMode: "background",
    graphMode: "none",
    justifyMode: "auto",
    percentChangeColorMode: "standard",
    showPercentChange: false,
    textMode: several ? "value_and_name" : "value",
    wideLayout: words === undefined,
  };
  return { type: "stat", asks: { over: "now", format: "time_series" }, options: { ...options }, custom: {} };
}

function lines({ stacked = false, limits = [] }: LinesPanel): Visualisation {
  const options: LinesOptions = {
    legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: ["lastNotNull", "max"] },
    tooltip: { mode: "multi", sort: "desc" },
  };
  const custom: LinesField = {
    drawStyle: "line",
    lineInterpolation: "linear",
    lineWidth: 1,
    fillOpacity: stacked ? 40 : 10,
    showPoints: "never",
    spanNulls: false,
    stacking: { group: "A", mode: stacked ? "normal" : "none" },
    thresholdsStyle: { mode: limits.length > 0 ? "dashed" : "off" },
  };
  return {
    type: "timeseries",
    asks: { over: "time", format: "time_series" },
    options: { ...options },
    custom: { ...custom },
  };
}

function bars(_: BarsPanel): Visualisation {
  const options: BarsOptions = {
    reduceOptions: last,
    orientation: "horizontal",
    displayMode: "basic",
    valueMode: "color",
    namePlacement: "left",
    showUnfilled: true,
    sizing: "auto",
    minVizHeight: 16,
    minVizWidth: 8,
    maxVizHeight: 24,
    legend: { displayMode: "list", placement: "bottom", showLegend: false, calcs: [] },
  };
  return {
    type: "bargauge",
    asks: { over: "now", format: "time_series" },
    options: { ...options },
    custom: {},
  };
}

function heatmap({ unit }: HeatmapPanel): Visualisation {
  const options: HeatmapOptions = {
    calculate: false,
    cellGap: 1,
    color: {
      mode: "scheme",
      scheme: "Oranges",
      fill: "dark-orange",
      exponent: 0.5,
      steps: 64,
      reverse: false,
    },
    exemplars: { color: "rgba(255,0,255,0.7)" },
    legend: { show: true },
    rowsFrame: { layout: "auto" },
    showValue: "never",
    tooltip: { mode: "single", yHistogram: true },
    yAxis: { unit, axisPlacement: "left" },
  };
  return {
    type: "heatmap",
    asks: { over: "time", format: "heatmap" },
    options: { ...options },
    custom: {},
  };
}

function table({ columns }: TablePanel): Visualisation {
  const options: TableOptions = { frameIndex: 0, showHeader: true, cellHeight: "sm" };
  const names = Object.keys(columns);
  return {
    type: "table",
    asks: { over: "now", format: "table" },
    options: { ...options },
    custom: { align: "auto" },
    transformations: [
      { id: "filterFieldsByName", options: { include: { names } } },
      {
        id: "organize",
        options: {
          indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
          renameByName: columns,
        },
      },
    ],
  };
}
