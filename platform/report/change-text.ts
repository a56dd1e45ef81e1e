import type { Operation, PlannedStep, PropertyChange } from "../engine/plan.ts";
import type { FilesVerdict } from "../gate/judge-files.ts";
import type { Finding } from "../gate/verdict.ts";
import { type ChangeReport, countsLine, going, lifted, placeOf, shortValue } from "./change-report.ts";
import { commandLine } from "./command-line.ts";
import { costChangeText } from "./cost-text.ts";
import { findingGroups } from "./finding-groups.ts";
import type { Output } from "./output.ts";

type Colors = Output["colors"];

const marks: Record<
  Operation,
  { readonly mark: string; readonly color: "red" | "yellow" | "green" | "dim" }
> = {
  replace: { mark: "±", color: "red" },
  delete: { mark: "-", color: "red" },
  update: { mark: "~", color: "yellow" },
  create: { mark: "+", color: "green" },
  read: { mark: ">", color: "dim" },
  same: { mark: " ", color: "dim" },
};

/** A previewed change for a person at a terminal: what is dangerous first, the verdict last. */
export function changeText(report: ChangeReport, colors: Colors): string {
  return [
    colors.bold(`${report.environment} in ${placeOf(report)}: ${countsLine(report.counts)}`),
    ...storeLines(report, colors),
    ...stepsLines(report, colors),
    ...costLines(report),
    ...verdictLines(report, colors),
  ].join("\n");
}

/** Each resource that changes, with its properties that do. */
export const stepsLines = ({ steps }: ChangeReport, colors: Colors): string[] =>
  steps.length === 0 ? [] : ["", ...steps.flatMap((step) => stepLines(step, colors))];

/**
 * The stores that go, and those that can be deleted from then on: easily overlooked among what changes, so they have lines
 * of their own.
 */
export function storeLines(report: ChangeReport, colors: Colors): string[] {
  const { lostStores, protectionLifted } = report;
  const named = ({ name, type }: Pick<PlannedStep, "name" | "type">) => `  ${colors.bold(name)} (${type})`;
  return [
    ...(lostStores.length === 0 ? [] : ["", colors.red(`${going(report)}:`)]),
    ...lostStores.map((store) => `${named(store)} would be ${store.operation}d`),
    ...(protectionLifted.length === 0 ? [] : ["", colors.red(`${lifted(report)}:`)]),
    ...protectionLifted.map(named),
  ];
}

const costLines = ({ costUsd }: ChangeReport): string[] =>
  costUsd === undefined ? [] : ["", `Cost: ${costChangeText(costUsd)}`];

/** What the gate found and decided, for a person at a terminal. */
export function verdictLines(report: ChangeReport, colors: Colors): string[] {
  const { endangeredStores, findings, diagnostics, allowed } = report;
  const stores = endangeredStores.map(({ name, type, operation }) =>
    colors.red(`  ${colors.bold(name)} (${type}) is a protected store, and would be ${operation}d.`),
  );
  const mandatory = findings.filter(({ level }) => level === "mandatory");
  const advisory = findings.filter(({ level }) => level === "advisory");
  const decision = allowed
    ? colors.green("The gate lets this pass.")
    : colors.red(colors.bold("Refused: nothing was changed."));
  return [
    ...section(
      "Warnings",
      diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => `  ${message}`),
    ),
    ...section("Advice", findingLines(advisory)),
    ...section("Policies not satisfied", findingLines(mandatory)),
    ...section("Stores that would be lost", [
      ...stores,
      ...(stores.length === 0
        ? []
        : [
            `  If ${report.environment} is really to go, data and all: ` +
              `"${commandLine("destroy", report.environment, report.target === "sandbox")}" says how. ` +
              "docs/taking-down.md has the way for a single store too.",
          ]),
    ]),
    "",
    decision,
  ];
}

/** What the rules say of files, for a person at a terminal. */
export function filesVerdictText(
  { resources, allowed, findings, notJudged }: FilesVerdict,
  colors: Colors,
): string {
  const of = (level: Finding["level"]) => findings.filter((finding) => finding.level === level);
  return [
    ...section("Advice", findingLines(of("advisory"))),
    ...section("Policies not satisfied", findingLines(of("mandatory"))),
    ...section(
      "Not judged, because they are no objects of Kubernetes",
      notJudged.map(({ file, line }) => `  ${file}:${line}`),
    ),
    "",
    `${resources} ${resources === 1 ? "resource was" : "resources were"} judged. ${
      allowed ? colors.green("The gate lets them pass.") : colors.red(colors.bold("Refused."))
    }`,
  ]
    .join("\n")
    .trim();
}

/** What environments share that each must have of its own, for a person at a terminal. */
export const sharedText = (shared: readonly Finding[], colors: Colors): string =>
  shared.length === 0
    ? colors.green("The environments share no network, bucket or credential.")
    : [
        "Shared between environments:",
        ...shared.flatMap(({ policy, message }) => [`  ${policy}`, ...indented(message.split("\n"), 4)]),
        "",
        colors.red(colors.bold("Refused.")),
      ].join("\n");

/** What, where, why, and what to do: what a policy says of several resources alike stands there once. */
const findingLines = (findings: readonly Finding[]): string[] =>
  findingGroups(findings).flatMap(({ policy, before, findings: own, after }) => {
    const [only] = own;
    if (own.length === 1 && only !== undefined)
      return [
        `  ${policy} · ${placeOfFinding(only.finding)}`,
        ...indented(only.lines, 4),
        ...undecidedLines(only.finding, 4),
      ];
    return [
      `  ${policy} · ${own.length} times`,
      ...indented(before, 4),
      ...own.flatMap(({ finding, lines }) => [
        `    ${placeOfFinding(finding)}`,
        ...indented(lines, 6),
        ...undecidedLines(finding, 6),
      ]),
      ...indented(after, 4),
    ];
  });

const placeOfFinding = ({ name, place }: Finding): string =>
  place === undefined ? (name ?? "the stack") : `${place.file}:${place.line} ${name ?? ""}`;

const undecidedLines = ({ undecided }: Finding, width: number): string[] =>
  undecided === undefined
    ? []
    : indented(
        [
          "A mandatory policy that cannot judge before the change begins would judge too late.",
          "Give this property a value that is known in the preview.",
        ],
        width,
      );

function stepLines(step: PlannedStep, colors: Colors): string[] {
  const { mark, color } = marks[step.operation];
  const head = colors[color](`${mark} ${step.name}`);
  const shield = step.protected ? colors.bold(" (protected)") : "";
  return [
    `  ${head} ${colors.dim(step.type)}${shield}`,
    ...step.changes.map((change) => changeLine(change, colors)),
  ];
}

function changeLine({ path, kind, before, after, replaces }: PropertyChange, colors: Colors): string {
  const reason = replaces ? colors.red(" (replaces)") : "";
  if (kind === "add") return `      + ${path}: ${shortValue(after)}${reason}`;
  if (kind === "delete") return `      - ${path}: ${shortValue(before)}${reason}`;
  return `      ~ ${path}: ${shortValue(before)} → ${shortValue(after)}${reason}`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", `${title}:`, ...lines];

const indented = (lines: readonly string[], width: number): string[] =>
  lines.map((line) => `${" ".repeat(width)}${line}`);
