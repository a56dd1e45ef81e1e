import { type ExitStatus, exitStatus } from "../exit.ts";
import { type JudgedFiles, judgeFiles } from "../gate/judge-files.ts";
import type { StackSettings } from "../gate/stack-context.ts";
import { filesVerdictText } from "../report/change-text.ts";
import { type FindingsFiles, writeFindings } from "../report/findings.ts";
import type { Output } from "../report/output.ts";

/** What is judged without the engine, and how it is told. */
export interface FilesOptions extends JudgedFiles, FindingsFiles {
  /** Asks those rules alone that answer to this framework. */
  readonly framework?: string;
}

/**
 * Judges manifests or a state, without any engine. Refused: exit status 3.
 *
 * @param settings Whose levels and exemptions count. Default: every rule as it is for production.
 */
export async function runGateFiles(
  settings: StackSettings | undefined,
  options: FilesOptions,
  output: Output,
): Promise<ExitStatus> {
  const verdict = await judgeFiles(options, settings, options.framework);
  await writeFindings(verdict.findings, options.manifests ?? options.state ?? "", options);
  output.result({ schema: 1, ...verdict }, filesVerdictText(verdict, output.colors));
  return verdict.allowed ? exitStatus.done : exitStatus.refused;
}
