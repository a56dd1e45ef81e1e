import type { Operation, PlannedStep } from "../engine/plan.ts";
import type { Finding } from "../gate/verdict.ts";
import { type ChangeReport, countsLine, isUnchanged, shortValue } from "./change-report.ts";

/** A pull request's comment may have 65,536 characters; the rest of a longer one is left out, and it says so. */
const maxLength = 60_000;

const titles: Partial<Record<Operation, string>> = {
  replace: "Replacements",
  delete: "Deletions",
  update: "Updates in place",
  create: "New resources",
};

/** A previewed change as a comment on a pull request: the verdict, then replacements and deletions, then the rest. */
export function changeMarkdown(report: ChangeReport): string {
  const { environment, counts, allowed, endangeredStores, findings } = report;
  const mandatory = findings.filter(({ level }) => level === "mandatory");
  const advisory = findings.filter(({ level }) => level === "advisory");
  const blocks = [
    `### ${allowed ? "✅" : "⛔"} ${environment}: ${countsLine(counts)}`,
    ...(allowed ? [] : ["**Refused by the gate.**"]),
    ...endangeredStores.map(
      ({ name, type, operation }) =>
        `- **${name}** (\`${type}\`) is a protected store, and would be ${operation}d.`,
    ),
    ...list("Policies not satisfied", mandatory),
    ...(isUnchanged(report)
      ? []
      : Object.entries(titles).flatMap(([operation, title]) => steps(report, operation, title))),
    ...list("Advice", advisory),
  ];
  const text = `${blocks.join("\n\n")}\n`;
  return text.length <= maxLength
    ? text
    : `${text.slice(0, maxLength)}\n\nThe rest is too long for a comment: see the run's own log.\n`;
}

function steps(report: ChangeReport, operation: string, title: string): string[] {
  const these = report.steps.filter((step) => step.operation === operation);
  if (these.length === 0) return [];
  const open = operation === "replace" || operation === "delete" ? " open" : "";
  const table = these.map(row).join("\n");
  return [
    `<details${open}><summary>${title} (${these.length})</summary>\n\n| resource | type | changes |\n| --- | --- | --- |\n${table}\n\n</details>`,
  ];
}

function row({ name, type, changes }: PlannedStep): string {
  const cells = changes.map(({ path, before, after, replaces }) => {
    const text = `${code(path)}: ${code(shortValue(before, 60))} → ${code(shortValue(after, 60))}`;
    return replaces ? `**${text}**` : text;
  });
  return `| ${code(name)} | ${code(type)} | ${cells.join("<br>")} |`;
}

function list(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(
    ({ policy, name, message, undecided }) =>
      `- **${policy}** on ${name === undefined ? "the stack" : code(name)}: ${message.replaceAll(/\s*\n\s*/g, " ")}` +
      (undecided === undefined ? "" : " (undecided: the value must be known in the preview)"),
  );
  return [`#### ${title}\n\n${lines.join("\n")}`];
}

/** Inline code that may hold any text, inside a table. */
function code(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|").replaceAll("\n", " ")}${pad}${fence}`;
}
