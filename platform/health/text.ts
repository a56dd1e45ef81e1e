import { placeOf } from "../report/change-report.ts";
import type { Output } from "../report/output.ts";
import { type Finding, type Verdict, verdicts } from "./check.ts";
import type { HealthReport } from "./report.ts";

/** The report as a table for people; what is not well says beneath what to do. */
export function healthText(report: HealthReport, output: Pick<Output, "colors">): string {
  const { colors } = output;
  const { heading, row, indent } = tableOf(report, output);
  return [
    heading,
    "",
    ...report.checks.flatMap((finding) => [
      row(finding),
      `${indent}${colors.dim(`${finding.asked}:`)} ${finding.answer}`,
      ...(needsSomebody(finding) ? [`${indent}${colors.bold("Do:")} ${finding.remedy}`] : []),
    ]),
  ].join("\n");
}

/** The same on a line each, for a screen that is looked at for hours; only of what is not well the whole is told. */
export function briefHealthText(report: HealthReport, output: Pick<Output, "colors">): string {
  const { heading, row, indent } = tableOf(report, output);
  return [
    heading,
    "",
    ...report.checks.flatMap((finding) => [
      row(finding),
      ...(needsSomebody(finding) ? [`${indent}${finding.answer}. Do: ${finding.remedy}`] : []),
    ]),
  ].join("\n");
}

/** What the tables have in common: columns as wide as the longest of their cells. */
function tableOf(report: HealthReport, output: Pick<Output, "colors">) {
  const painted = painter(output);
  const cells = ({ verdict, subject, name, tookMs }: Finding) =>
    [verdict, subject, name, `${tookMs} ms`] as const;
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...report.checks.map((finding) => (cells(finding)[column] ?? "").length)),
  );
  return {
    heading: output.colors.bold(`${report.environment} in ${placeOf(report)}: ${summary(report)}`),
    indent: " ".repeat((widths[0] ?? 0) + 2),
    row: (finding: Finding): string => {
      const [verdict, subject, name, took] = cells(finding);
      return [
        painted(finding.verdict, verdict.padEnd(widths[0] ?? 0)),
        subject.padEnd(widths[1] ?? 0),
        name.padEnd(widths[2] ?? 0),
        took.padStart(widths[3] ?? 0),
      ].join("  ");
    },
  };
}

/** What became of a thing since the last round, on a line. */
export function changeText(
  at: string,
  before: Verdict | undefined,
  now: Finding,
  output: Pick<Output, "colors">,
): string {
  const painted = painter(output);
  const was = before === undefined ? "new" : painted(before, before);
  const todo = needsSomebody(now) ? ` Do: ${now.remedy}` : "";
  return `${at} ${now.subject} ${now.name}: ${was} → ${painted(now.verdict, now.verdict)}. ${now.answer}.${todo}`;
}

/** How many there are of what, the worst first. */
const summary = ({ counts }: Pick<HealthReport, "counts">): string =>
  verdicts
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict === "unchecked" ? "not checked" : verdict}`)
    .join(", ");

/** Of what could not be asked nobody is to do anything. */
const needsSomebody = ({ verdict, remedy }: Finding): boolean =>
  remedy !== undefined && (verdict === "critical" || verdict === "warning");

function painter({ colors }: Pick<Output, "colors">) {
  const colour: Record<Verdict, (text: string) => string> = {
    critical: colors.red,
    warning: colors.yellow,
    unchecked: colors.dim,
    healthy: colors.green,
  };
  return (verdict: Verdict, text: string): string => colour[verdict](text);
}
