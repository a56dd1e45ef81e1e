import { refresh } from "../engine/operations.ts";
import { type ExitStatus, exitStatus } from "../exit.ts";
import { renewKubeconfigs } from "../repair/kubeconfig.ts";
import { withStackLock } from "../repair/locks.ts";
import {
  type ChangeReport,
  changeReport,
  countsLine,
  isUnchanged,
  placeOf,
} from "../report/change-report.ts";
import { stepsLines } from "../report/change-text.ts";
import type { Output } from "../report/output.ts";
import { showProgress } from "../report/progress.ts";
import { type VerbOptions, withSession } from "../session.ts";
import { ask } from "./ask.ts";
import { engineFailure } from "./engine-failure.ts";

export interface RefreshOptions extends VerbOptions {
  /** Only finds out whether the cloud is still what the state says, and fails when it is not. Records nothing of it. */
  readonly expectNoChanges: boolean;
}

/** Records what the cloud is; with `--expect-no-changes` only compares, and fails on drift. */
export const runRefresh = (
  environment: string,
  options: RefreshOptions,
  output: Output,
): Promise<ExitStatus> =>
  withSession(environment, options, output, async (session) => {
    const { stack } = session;
    const state = await session.repair();
    const previewOnly = options.expectNoChanges;
    if (!previewOnly) await ask(session, `Record what ${environment} is in the cloud?`);
    await renewKubeconfigs(stack, state, output.say);
    const progress = showProgress(output, `Reading ${environment}`, true);
    const outcome = await withStackLock(
      stack,
      () => refresh(stack, { onEvent: progress.onEvent, previewOnly }),
      output.say,
    ).finally(progress.end);
    if (outcome.error !== undefined) throw engineFailure("The refresh failed", session, outcome);

    const target = options.sandbox ? "sandbox" : "digitalocean";
    const report = changeReport(environment, target, outcome, {
      allowed: true,
      findings: [],
      endangered: [],
      lost: [],
    });
    const drift = !isUnchanged(report);
    output.result(
      { ...report, drift },
      drift
        ? driftText(report, previewOnly, output)
        : `${environment} is what the state says: ${countsLine(report.counts)}.`,
    );
    if (!drift || !previewOnly) return exitStatus.done;
    // Said, not thrown: an error would be a second document for whoever reads the result as JSON.
    output.say(`${environment} has drifted: see above what is not as the state says.`);
    return exitStatus.failed;
  });

function driftText(report: ChangeReport, previewOnly: boolean, { colors }: Output): string {
  const { environment, counts } = report;
  const head = previewOnly
    ? `${environment} in ${placeOf(report)} is not what the state says: ${countsLine(counts)}`
    : `What ${environment} is in ${placeOf(report)} is recorded: ${countsLine(counts, "done")}`;
  return [colors.bold(head), ...stepsLines(report, colors)].join("\n");
}
