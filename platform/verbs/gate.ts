import { writeFileSync } from "node:fs";
import { type ExitStatus, exitStatus, failure, usageError } from "../exit.ts";
import type { JudgedFiles } from "../gate/judge-files.ts";
import type { Finding } from "../gate/verdict.ts";
import { filesVerdictText, storeLines, verdictLines } from "../report/change-text.ts";
import type { Output } from "../report/output.ts";
import { type VerbOptions, withSession } from "../session.ts";
import { planChange } from "./plan-change.ts";

/** What the gate is asked beside what every verb is. */
interface GateOptions extends VerbOptions, JudgedFiles {
  /** Asks those rules alone that answer to this framework; of files. */
  readonly framework?: string;
  /** File that the findings are written into as SARIF. */
  readonly sarif?: string;
  /** File that the findings are written into as JUnit's XML. */
  readonly junit?: string;
}

/** Judges what an `up` would do, or files without any engine, and tells the verdict alone. Refused: exit status 3. */
export async function runGate(
  environment: string | undefined,
  options: GateOptions,
  output: Output,
): Promise<ExitStatus> {
  const { manifests, state, framework } = options;
  if (manifests !== undefined || state !== undefined)
    return await judgeFilesAlone(environment, options, output);
  if (environment === undefined)
    throw usageError(
      "Say which environment, or what is to be judged: --manifests <folder> or --state <file>.",
    );
  if (framework !== undefined)
    throw usageError(
      "--framework is for files. A preview asks every rule: levels are set in the configuration.",
    );
  return await withSession(environment, options, output, async (session) => {
    const { report } = await planChange(session);
    const { schema, target, allowed, findings, endangeredStores, lostStores, protectionLifted } = report;
    await writeFindings(findings, `Pulumi.${environment}.yaml`, options);
    output.result(
      { schema, environment, target, allowed, findings, endangeredStores, lostStores, protectionLifted },
      [...storeLines(report, output.colors), ...verdictLines(report, output.colors)].join("\n").trim(),
    );
    return allowed ? exitStatus.done : exitStatus.refused;
  });
}

async function judgeFilesAlone(
  environment: string | undefined,
  options: GateOptions,
  output: Output,
): Promise<ExitStatus> {
  const { judgeFiles } = await import("../gate/judge-files.ts");
  const verdict = await judgeFiles(options, environment, options.framework);
  await writeFindings(verdict.findings, options.manifests ?? options.state ?? "", options);
  output.result({ schema: 1, ...verdict }, filesVerdictText(verdict, output.colors));
  return verdict.allowed ? exitStatus.done : exitStatus.refused;
}

/** For machines that read neither text nor JSON of ours. */
async function writeFindings(
  findings: readonly Finding[],
  place: string,
  { sarif, junit }: Pick<GateOptions, "sarif" | "junit">,
): Promise<void> {
  if (sarif !== undefined) {
    const { sarifLog } = await import("../report/sarif.ts");
    written(sarif, `${JSON.stringify(sarifLog(findings, place), undefined, 2)}\n`);
  }
  if (junit !== undefined) {
    const { junitXml } = await import("../report/junit.ts");
    written(junit, junitXml(findings, place));
  }
}

function written(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw failure(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}
