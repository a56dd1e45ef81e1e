import type { Subject } from "../../../../components/prometheus/rules/rule.ts";
import { applicationCases } from "./application.cases.ts";
import { databaseCases } from "./databases.cases.ts";
import { edgeCases } from "./edge.cases.ts";
import { elasticsearchCases } from "./elasticsearch.cases.ts";
import { gpuPoolCases } from "./gpu-pool.cases.ts";
import { kubernetesCases } from "./kubernetes.cases.ts";
import { logCases } from "./logs.cases.ts";
import { machineCases } from "./machines.cases.ts";
import { monitoringCases } from "./monitoring.cases.ts";
import { neo4jCases } from "./neo4j.cases.ts";
import { postgresCases } from "./postgres.cases.ts";
import { releaseCases } from "./releases.cases.ts";
import type { RuleCase } from "./rule-case.ts";
import { securityCases } from "./security.cases.ts";
import { sloCases } from "./slo.cases.ts";
import { traceCases } from "./traces.cases.ts";
import { valkeyCases } from "./valkey.cases.ts";

/** The unit tests of all rules, by their subject. */
export const casesOf: Readonly<Partial<Record<Subject, readonly RuleCase[]>>> = {
  application: applicationCases,
  databases: databaseCases,
  edge: edgeCases,
  elasticsearch: elasticsearchCases,
  "gpu-pool": gpuPoolCases,
  kubernetes: kubernetesCases,
  logs: logCases,
  machines: machineCases,
  monitoring: monitoringCases,
  neo4j: neo4jCases,
  postgres: postgresCases,
  releases: releaseCases,
  security: securityCases,
  slo: sloCases,
  traces: traceCases,
  valkey: valkeyCases,
};
