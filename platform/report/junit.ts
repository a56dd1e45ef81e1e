import { XMLBuilder } from "fast-xml-parser";
import { packName } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import type { Finding } from "../gate/verdict.ts";

/** No character of XML, and such text comes in names and messages of others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const noXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true });

/** Findings as JUnit's XML, which every CI shows: a case for each rule, which fails with what it stops. Advice is its output. */
export function junitXml(findings: readonly Finding[], suite: string): string {
  const policies = new Set([...rules.map(({ name }) => name), ...findings.map(({ policy }) => policy)]);
  const cases = [...policies].map((policy) => {
    const own = findings.filter((finding) => finding.policy === policy);
    const texts = (level: Finding["level"]) =>
      own
        .filter((finding) => finding.level === level)
        .map(lineOf)
        .join("\n\n");
    const [stopping, advice] = [texts("mandatory"), texts("advisory")];
    return {
      "@_name": policy,
      "@_classname": packName,
      ...(stopping !== "" && { failure: { "@_message": stopping.split("\n", 1)[0], "#text": stopping } }),
      ...(advice !== "" && { "system-out": advice }),
    };
  });
  const failures = cases.filter((one) => "failure" in one).length;
  return builder.build({
    "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" },
    testsuites: {
      testsuite: { "@_name": suite, "@_tests": cases.length, "@_failures": failures, testcase: cases },
    },
  });
}

function lineOf({ name, message, place }: Finding): string {
  const where = place === undefined ? (name ?? "the stack") : `${place.file}:${place.line} ${name ?? ""}`;
  return `${where}: ${message}`.replaceAll(noXml, "");
}
