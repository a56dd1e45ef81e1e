import { applicationRules } from "./application.ts";
import { edgeRules } from "./edge.ts";
import { monitoringRules } from "./monitoring.ts";
import type { RuleSet } from "./rule.ts";
import { securityRules } from "./security.ts";
import { sloRules } from "./slo.ts";

/** All that is watched. A new subject is a file beside this one, and a line here. */
export const ruleSets: readonly RuleSet[] = [
  applicationRules,
  sloRules,
  edgeRules,
  securityRules,
  monitoringRules,
];
