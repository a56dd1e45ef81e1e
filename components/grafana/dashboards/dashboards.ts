import { applicationOverview } from "./application-overview.ts";
import type { Dashboard, DashboardFacts } from "./model.ts";

/** All dashboards of an environment. A new one is a file beside this one, named as its uid, and a line here. */
export function dashboardsOf(_facts: DashboardFacts): readonly Dashboard[] {
  return [applicationOverview];
}
