import { gzipSync } from "node:zlib";
import { dashboardsOf } from "./dashboards.ts";
import type { Dashboard, DashboardFacts } from "./model.ts";
import { renderDashboard } from "./render.ts";

/** A dashboard as a key of a ConfigMap, which knows no folders. */
export interface PackedDashboard {
  /** Key in the ConfigMap. @example "edge.json.gz" */
  readonly key: string;
  /** Where Grafana is to find it, below its folder of dashboards. @example "Infrastructure/edge.json" */
  readonly path: string;
  /** What it is, as Grafana reads it. */
  readonly json: string;
  /** The same, packed, in base64: less than a quarter of the text, which the state holds more than once. */
  readonly packed: string;
}

/** Path of a dashboard below the folder of dashboards. */
export const pathOf = ({ folder, uid }: Dashboard): string => `${folder}/${uid}.json`;

/** All dashboards of an environment, packed. */
export function packDashboards(facts: DashboardFacts, runbooks: string): PackedDashboard[] {
  return dashboardsOf(facts).map((dashboard) => {
    const json = JSON.stringify(renderDashboard(dashboard, runbooks));
    return {
      key: `${dashboard.uid}.json.gz`,
      path: pathOf(dashboard),
      json,
      packed: gzipSync(json, { level: 9 }).toString("base64"),
    };
  });
}
