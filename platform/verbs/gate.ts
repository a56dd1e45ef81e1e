import { environments } from "../../infra/config/index.ts";
import { openProject } from "../environment/project.ts";
import { readEnvironment } from "../environment/settings.ts";
import { type ExitStatus, exitStatus, usageError } from "../exit.ts";
import { type PlannedEnvironment, sharedThings } from "../gate/shared.ts";
import type { StackSettings } from "../gate/stack-context.ts";
import type { ChangeReport } from "../report/change-report.ts";
import { sharedText, storeLines, verdictLines } from "../report/change-text.ts";
import { writeFindings } from "../report/findings.ts";
import type { Output } from "../report/output.ts";
import { type Session, type VerbOptions, withSession } from "../session.ts";
import type { FilesOptions } from "./gate-files.ts";
import { planChange } from "./plan-change.ts";

/** What the gate is asked beside what every verb is. */
interface GateOptions extends VerbOptions, FilesOptions {
  /** Judges every environment, and what they share. */
  readonly all?: boolean;
}

/** Judges what an `up` would do, or files without any engine, and tells the verdict alone. Refused: exit status 3. */
export async function runGate(
  environment: string | undefined,
  options: GateOptions,
  output: Output,
): Promise<ExitStatus> {
  const { manifests, state, framework, all = false } = options;
  if (manifests !== undefined || state !== undefined)
    return await (await import("./gate-files.ts")).runGateFiles(
      await settingsOf(environment),
      options,
      output,
    );
  if (framework !== undefined)
    throw usageError(
      "--framework is for files. A preview asks every rule: levels are set in the configuration.",
    );
  if (all === (environment !== undefined))
    throw usageError(
      all
        ? `--all judges every environment: leave out ${environment}.`
        : "Say which environment, --all, or what is to be judged: --manifests <folder> or --state <file>.",
    );
  if (environment === undefined) return await gateAll(options, output);
  return await withSession(environment, options, output, async (session) => {
    const { report } = await planChange(session);
    await writeFindings(report.findings, fileOf(environment), options);
    output.result(verdictOf(report), verdictText(report, output));
    return report.allowed ? exitStatus.done : exitStatus.refused;
  });
}

/** Levels and exemptions of an environment, for files that are judged as if they were of it. */
async function settingsOf(environment: string | undefined): Promise<StackSettings | undefined> {
  if (environment === undefined) return undefined;
  const { content } = await readEnvironment(openProject(), environment);
  return { stack: environment, config: content.config };
}

const fileOf = (environment: string): string => `Pulumi.${environment}.yaml`;

/** The verdict's part of a report, for programs. */
const verdictOf = ({
  schema,
  environment,
  target,
  allowed,
  findings,
  endangeredStores,
  lostStores,
  protectionLifted,
}: ChangeReport) => ({
  schema,
  environment,
  target,
  allowed,
  findings,
  endangeredStores,
  lostStores,
  protectionLifted,
});

/** The verdict's part of a report, for people. */
const verdictText = (report: ChangeReport, { colors }: Output): string =>
  [...storeLines(report, colors), ...verdictLines(report, colors)].join("\n").trim();

/** One environment after the other, and then what they share, which nobody sees who looks at one. */
async function gateAll(options: GateOptions, output: Output): Promise<ExitStatus> {
  const reports: ChangeReport[] = [];
  const planned: PlannedEnvironment[] = [];
  for (const environment of environments) {
    await withSession(environment, options, output, async (session) => {
      const { report, asked } = await planChange(session);
      reports.push(report);
      planned.push({ environment, asked, secrets: await secretsOf(session) });
    });
  }
  const shared = sharedThings(planned);
  const allowed = shared.length === 0 && reports.every((report) => report.allowed);
  const findings = [
    ...reports.flatMap((report) =>
      report.findings.map((finding) => ({
        place: { file: fileOf(report.environment), line: 1 },
        ...finding,
      })),
    ),
    ...shared,
  ];
  await writeFindings(findings, "Pulumi.yaml", options);
  output.result(
    { schema: 1, allowed, environments: reports.map(verdictOf), shared },
    [
      ...reports.map(
        (report) => `${output.colors.bold(report.environment)}\n${verdictText(report, output)}\n`,
      ),
      sharedText(shared, output.colors),
    ].join("\n"),
  );
  return allowed ? exitStatus.done : exitStatus.refused;
}

async function secretsOf({ stack }: Session): Promise<Map<string, string>> {
  const config = Object.entries(await stack.getAllConfig());
  return new Map(config.flatMap(([key, { secret, value }]) => (secret === true ? [[key, value]] : [])));
}
