import type { Log, ReportingDescriptor, Result } from "sarif";
import { packName } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import type { Finding } from "../gate/verdict.ts";

/** What a finding means to who reads SARIF: an error stops the change. */
const levelOf = ({ level }: Finding): "error" | "warning" => (level === "mandatory" ? "error" : "warning");

/**
 * Findings as SARIF 2.1.0, which GitHub and others show beside the code.
 *
 * @param file Where a finding stands that has no place of its own, such as the configuration of the environment.
 */
export function sarifLog(findings: readonly Finding[], file: string): Log {
  const known = rules.map(
    ({ name, description, remedy, severity }): ReportingDescriptor => ({
      id: name,
      shortDescription: { text: description },
      help: { text: remedy },
      properties: { severity },
    }),
  );
  // What the gate itself finds in a preview, and what judges exemptions, is no rule.
  const others = [...new Set(findings.map(({ policy }) => policy))]
    .filter((policy) => known.every(({ id }) => id !== policy))
    .map((id): ReportingDescriptor => ({ id }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: packName, rules: [...known, ...others] },
        },
        results: findings.map((finding) => resultOf(finding, file)),
      },
    ],
  };
}

function resultOf(finding: Finding, file: string): Result {
  const { policy, urn, name, message, place = { file, line: 1 } } = finding;
  return {
    ruleId: policy,
    level: levelOf(finding),
    message: { text: name === undefined ? message : `${name}: ${message}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: place.file.split("/").map(encodeURIComponent).join("/") },
          region: { startLine: place.line },
        },
        ...(urn !== undefined && {
          logicalLocations: [
            { fullyQualifiedName: urn, kind: "resource", ...(name !== undefined && { name }) },
          ],
        }),
      },
    ],
  };
}
