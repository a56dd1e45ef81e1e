import { applicationOverview } from "./application-overview.ts";
import { databases } from "./databases.ts";
import { edge } from "./edge.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { gpuPool } from "./gpu-pool.ts";
import { kubernetes } from "./kubernetes.ts";
import { logs } from "./logs.ts";
import type { Dashboard, DashboardFacts } from "./model.ts";
import { monitoring } from "./monitoring.ts";
import { neo4j } from "./neo4j.ts";
import { performanceAnalytics } from "./performance-analytics.ts";
import { postgres } from "./postgres.ts";
import { releases } from "./releases.ts";
import { security } from "./security.ts";
import { slos } from "./slos.ts";
import { valkey } from "./valkey.ts";

/** All dashboards of an environment. A new one is a file beside this one, named as its uid, and a line here. */
export function dashboardsOf(facts: DashboardFacts): readonly Dashboard[] {
  return [
    applicationOverview,
    performanceAnalytics,
    slos,
    releases,
    security,
    logs,
    edge,
    gpuPool(facts),
    kubernetes,
    monitoring,
    databases,
    postgres,
    valkey,
    neo4j(facts),
    ...(facts.logsInElasticsearch ? [elasticsearch] : []),
  ];
}
