import type { Subject } from "../../../../components/prometheus/rules/rule.ts";
import { applicationCases } from "./application.cases.ts";
import { edgeCases } from "./edge.cases.ts";
import { monitoringCases } from "./monitoring.cases.ts";
import type { RuleCase } from "./rule-case.ts";
import { securityCases } from "./security.cases.ts";
import { sloCases } from "./slo.cases.ts";

/** The unit tests of all rules, by their subject. */
export const casesOf: Readonly<Partial<Record<Subject, readonly RuleCase[]>>> = {
  application: applicationCases,
  edge: edgeCases,
  monitoring: monitoringCases,
  security: securityCases,
  slo: sloCases,
};
