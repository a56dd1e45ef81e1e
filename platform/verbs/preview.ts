import { type ExitStatus, exitStatus } from "../exit.ts";
import { changeMarkdown, failureMarkdown } from "../report/change-markdown.ts";
import { changeText } from "../report/change-text.ts";
import type { Output } from "../report/output.ts";
import { type VerbOptions, withSession } from "../session.ts";
import { planChange } from "./plan-change.ts";

interface PreviewOptions extends VerbOptions {
  /** Writes the result as a comment for a pull request. */
  readonly markdown: boolean;
}

/** Shows what an `up` would do, and whether the gate would let it. Refused: exit status 3. */
export async function runPreview(
  environment: string,
  options: PreviewOptions,
  output: Output,
): Promise<ExitStatus> {
  try {
    return await withSession(environment, options, output, async (session) => {
      const { report } = await planChange(session);
      output.result(report, options.markdown ? changeMarkdown(report) : changeText(report, output.colors));
      return report.allowed ? exitStatus.done : exitStatus.refused;
    });
  } catch (error) {
    // Whoever reads the comment reads no log: an environment without a word in it would pass for one without a change.
    if (options.markdown) output.result(undefined, failureMarkdown(environment, error));
    throw error;
  }
}
