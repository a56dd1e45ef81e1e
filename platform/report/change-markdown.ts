import type { Operation, PlannedStep } from "../engine/plan.ts";
import type { Finding } from "../gate/verdict.ts";
import {
  type ChangeReport,
  countsLine,
  going,
  isUnchanged,
  lifted,
  placeOf,
  shortValue,
} from "./change-report.ts";
import { costChangeText } from "./cost-text.ts";
import { type FindingGroup, findingGroups } from "./finding-groups.ts";

/** GitHub takes 65,536 characters in one comment, and a pull request's speaks of two environments. */
const maxLength = 30_000;

/** So long may one resource or finding be, that it does not crowd out the others. */
const maxRowChanges = 20;
const maxMessageLength = 2_000;

const titles: Partial<Record<Operation, string>> = {
  replace: "Replacements",
  delete: "Deletions",
  update: "Updates in place",
  create: "New resources",
};

/** A part of a comment: its frame is always there, its rows as far as there is room. */
interface Part {
  readonly before: string;
  readonly rows: readonly string[];
  readonly after: string;
  /** The row that stands for those left out. */
  readonly more: (count: number) => string;
}

/** A previewed change as a comment on a pull request: the verdict, then what is dangerous, then the rest. */
export function changeMarkdown(report: ChangeReport): string {
  const { environment, counts, allowed, costUsd, endangeredStores, findings } = report;
  const level = (wanted: Finding["level"]) => findings.filter((finding) => finding.level === wanted);
  const head = [
    `### ${allowed ? "✅" : "⛔"} ${environment} in ${placeOf(report)}: ${countsLine(counts)}`,
    ...(allowed ? [] : ["**Refused by the gate.**"]),
    ...(costUsd === undefined ? [] : [`Cost: ${costChangeText(costUsd)}`]),
  ];
  const parts = [
    ...list(
      "Stores that would be lost",
      endangeredStores.map(
        ({ name, type, operation }) =>
          `- **${code(name)}** (${code(type)}) is a protected store, and would be ${operation}d.`,
      ),
    ),
    ...list(
      going(report),
      report.lostStores.map(
        ({ name, type, operation }) => `- **${code(name)}** (${code(type)}) would be ${operation}d.`,
      ),
    ),
    ...list(
      lifted(report),
      report.protectionLifted.map(({ name, type }) => `- **${code(name)}** (${code(type)})`),
    ),
    ...list("Policies not satisfied", findingGroups(level("mandatory")).flatMap(findingRows)),
    ...(isUnchanged(report)
      ? []
      : Object.entries(titles).flatMap(([operation, title]) => table(report, operation, title))),
    ...list("Advice", findingGroups(level("advisory")).flatMap(findingRows)),
  ];
  return fitted(head, parts);
}

/** The comment's block on an environment whose preview came to no verdict. */
export function failureMarkdown(environment: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = shortened(message, maxMessageLength);
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `### ❌ ${environment}: there is no verdict, because the preview failed\n\n${fence}text\n${text}\n${fence}\n`;
}

/** Puts the parts together. What there is no room for is left out by whole rows, and counted. */
function fitted(head: readonly string[], parts: readonly Part[]): string {
  const frames = parts.map(({ before, rows, after, more }) => `${before}${more(rows.length)}\n${after}\n\n`);
  let room = maxLength - [...head, ...frames].join("\n\n").length;
  const blocks = parts.map(({ before, rows, after, more }) => {
    const shown: string[] = [];
    for (const row of rows) {
      room -= row.length + 1;
      if (room < 0) break;
      shown.push(row);
    }
    const rest = rows.length - shown.length;
    return [before, ...shown, ...(rest === 0 ? [] : [more(rest)]), after].join("\n").trim();
  });
  return `${[...head, ...blocks].join("\n\n")}\n`;
}

function table(report: ChangeReport, operation: string, title: string): Part[] {
  const these = report.steps.filter((step) => step.operation === operation);
  if (these.length === 0) return [];
  const open = operation === "replace" || operation === "delete" ? " open" : "";
  // What comes or goes as a whole has no properties that change.
  const columns = [
    "resource",
    "type",
    ...(these.some(({ changes }) => changes.length > 0) ? ["changes"] : []),
  ];
  const row = (cells: readonly string[]) =>
    `| ${columns.map((_column, index) => cells[index] ?? "").join(" | ")} |`;
  return [
    {
      before: `<details${open}><summary>${title} (${these.length})</summary>\n\n${row(columns)}\n${row(columns.map(() => "---"))}`,
      rows: these.map((step) => row([code(step.name), code(step.type), changesCell(step)])),
      after: "\n</details>",
      more: (count) => row([`and ${count} more: see the run's log`]),
    },
  ];
}

function changesCell({ changes }: PlannedStep): string {
  const cells = changes.slice(0, maxRowChanges).map(({ path, before, after, replaces }) => {
    const text = `${code(shortened(path, 200))}: ${code(shortValue(before, 60))} → ${code(shortValue(after, 60))}`;
    return replaces ? `**${text}**` : text;
  });
  const rest = changes.length - cells.length;
  return [...cells, ...(rest === 0 ? [] : [`and ${rest} more`])].join("<br>");
}

function list(title: string, rows: readonly string[]): Part[] {
  if (rows.length === 0) return [];
  return [{ before: `#### ${title}\n`, rows, after: "", more: (count) => `- and ${count} more` }];
}

/** What a policy says of several resources alike stands there once, above them. */
function findingRows({ policy, before, findings, after }: FindingGroup): string[] {
  const [only] = findings;
  if (findings.length === 1 && only !== undefined)
    return [`- **${policy}** on ${subject(only.finding)}:<br>${text(only)}`];
  return [
    [`- **${policy}**, ${findings.length} times:`, ...[...before, ...after].map(cell)].join("<br>"),
    ...findings.map((each) => `  - ${subject(each.finding)}: ${text(each)}`),
  ];
}

const subject = ({ name }: Finding): string => (name === undefined ? "the stack" : code(name));

const text = ({ finding, lines }: FindingGroup["findings"][number]): string =>
  [
    cell(lines.join("<br>")),
    ...(finding.undecided === undefined ? [] : ["Undecided: the value must be known in the preview."]),
  ].join("<br>");

const cell = (line: string): string => shortened(line, maxMessageLength);

const shortened = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** Inline code that may hold any text, inside a table. */
function code(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|").replaceAll("\n", " ")}${pad}${fence}`;
}

/** How many backticks there are in a row at most. */
const longestRun = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
