import { applicationRules } from "./application.ts";
import { databaseRules } from "./databases.ts";
import { edgeRules } from "./edge.ts";
import { elasticsearchRules } from "./elasticsearch.ts";
import { gpuPoolRules } from "./gpu-pool.ts";
import { kubernetesRules } from "./kubernetes.ts";
import { logRules } from "./logs.ts";
import { machineRules } from "./machines.ts";
import { monitoringRules } from "./monitoring.ts";
import { neo4jRules } from "./neo4j.ts";
import { postgresRules } from "./postgres.ts";
import { releaseRules } from "./releases.ts";
import type { RuleSet } from "./rule.ts";
import { securityRules } from "./security.ts";
import { sloRules } from "./slo.ts";
import { traceRules } from "./traces.ts";
import { valkeyRules } from "./valkey.ts";

/** All that is watched. A new subject is a file beside this one, and a line here. */
export const ruleSets: readonly RuleSet[] = [
  applicationRules,
  sloRules,
  edgeRules,
  gpuPoolRules,
  postgresRules,
  valkeyRules,
  databaseRules,
  neo4jRules,
  kubernetesRules,
  machineRules,
  securityRules,
  logRules,
  elasticsearchRules,
  releaseRules,
  traceRules,
  monitoringRules,
];
