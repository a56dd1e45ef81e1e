import type * as schema from "@grafana/schema";
import type * as bargauge from "@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as heatmap from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as table from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type * as timeseries from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

/*
 * What Grafana takes, by its own published types of the version that runs. They are types alone: its enums are code, so
 * that each stands here as the texts that it means, and nothing of the package is loaded.
 */

type Plain<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

export type GrafanaDashboard = Plain<schema.Dashboard>;
export type GrafanaPanel = Plain<schema.Panel>;
export type GrafanaRow = Plain<schema.RowPanel>;
export type GrafanaFieldConfig = Plain<schema.FieldConfig>;
export type GrafanaThresholds = Plain<schema.ThresholdsConfig>;
export type GrafanaLink = Plain<schema.DashboardLink>;
export type GrafanaVariable = Plain<schema.VariableModel>;
export type GrafanaAnnotation = Plain<schema.AnnotationQuery>;

export type StatOptions = Plain<stat.Options>;
export type LinesOptions = Plain<timeseries.Options>;
export type LinesField = Plain<timeseries.FieldConfig>;
export type BarsOptions = Plain<bargauge.Options>;
export type HeatmapOptions = Plain<heatmap.Options>;
export type TableOptions = Plain<table.Options>;
