import { fileURLToPath } from "node:url";
import { changeRules } from "../../policies/changes/change-rules.ts";
import type { Rule, RuleDetails } from "../../policies/rule.ts";
import { ruleGroups, rules } from "../../policies/rules.ts";
import { filledPage } from "../generated-page.ts";

/** The page that people read. */
export const pageFile = fileURLToPath(new URL("../../docs/policies.md", import.meta.url));

/** The page with its generated parts as the rules would have them. */
export const pageWith = (text: string): string =>
  filledPage(text, { catalogue: catalogue(), frameworks: frameworks() }, "docs/policies.md");

const catalogue = (): string =>
  [...ruleGroups, { title: "Changes, which the gate alone sees", rules: Object.values(changeRules) }]
    .map(({ title, rules }) => [`### ${title}`, ...rules.map(entry)].join("\n\n"))
    .join("\n\n");

const entry = ({
  name,
  severity,
  level = "mandatory",
  mends = false,
  description,
  remedy,
  references,
}: RuleDetails & Partial<Pick<Rule, "mends">>): string =>
  [
    `**${name}** (${[severity, ...(level === "mandatory" ? [] : [level]), ...(mends ? ["can remediate"] : [])].join(", ")}): ${description}`,
    `Do: ${remedy}.`,
    ...(references.length === 0
      ? []
      : [`*${references.map(({ framework, id }) => `${framework} ${id}`).join(", ")}*`]),
  ].join("\\\n");

/** Which rules answer which of a framework's demands. */
function frameworks(): string {
  const demands = new Map<string, Map<string, string[]>>();
  for (const { name, references } of [...rules, ...Object.values(changeRules)]) {
    for (const { framework, id } of references) {
      const ids = demands.get(framework) ?? new Map<string, string[]>();
      demands.set(framework, ids.set(id, [...(ids.get(id) ?? []), name]));
    }
  }
  const rows = [...demands]
    .sort(byText)
    .flatMap(([framework, ids]) =>
      [...ids].sort(byText).map(([id, names]) => `| ${framework} | ${id} | ${names.join(", ")} |`),
    );
  return ["| framework | demand | rules |", "| --- | --- | --- |", ...rows].join("\n");
}

const byText = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one.localeCompare(other, "en", { numeric: true });
