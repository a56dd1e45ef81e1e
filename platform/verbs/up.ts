import { isDeepStrictEqual } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { up } from "../engine/operations.ts";
import { countOperations } from "../engine/plan.ts";
import { type ExitStatus, exitStatus } from "../exit.ts";
import { lastApplied } from "../repair/applied.ts";
import { withStackLock } from "../repair/locks.ts";
import { type ChangeReport, countsLine, isUnchanged } from "../report/change-report.ts";
import { changeText } from "../report/change-text.ts";
import type { Output } from "../report/output.ts";
import { outputsText, recordedOutputs, type ShownOutputs, shownOutputs } from "../report/outputs.ts";
import { showProgress } from "../report/progress.ts";
import { type Session, type VerbOptions, withSession } from "../session.ts";
import { ask, foretellQuestion } from "./ask.ts";
import { engineFailure } from "./engine-failure.ts";
import { planChange } from "./plan-change.ts";

/** Makes an environment what the program says: repairs, previews, gates, asks, applies, reports. */
export const runUp = (environment: string, options: VerbOptions, output: Output): Promise<ExitStatus> =>
  withSession(environment, options, output, async (session) => {
    foretellQuestion(session);
    const last = lastApplied(session.workFolder, session.project.folder);
    const { report: plan, state, outputs: planned } = await planChange(session);
    if (!plan.allowed) {
      output.result(plan, changeText(plan, output.colors));
      return exitStatus.refused;
    }
    output.say(changeText(plan, output.colors));
    const unchanged = isUnchanged(plan);
    if (!unchanged) await ask(session, `Apply this to ${environment}?`);

    const recorded = recordedOutputs(state);
    const nothingToRecord = unchanged && last.isOf(state) && isDeepStrictEqual(planned, recorded);
    const { outputs, ...applied } = nothingToRecord
      ? { counts: plan.counts, durationSeconds: 0, outputs: recorded }
      : // The policies have judged each value of an unchanged plan, so they are not asked again.
        await apply(session, unchanged ? undefined : session.project.policyPack);
    last.note();

    output.result(
      { schema: 1, environment, target: plan.target, plan, applied, outputs },
      [`${environment} is up: ${countsLine(applied.counts, "done")}.`, "", outputsText(outputs)]
        .join("\n")
        .trimEnd(),
    );
    return exitStatus.done;
  });

/** What an update did. */
interface Applied {
  readonly counts: ChangeReport["counts"];
  readonly durationSeconds: number;
  readonly outputs: ShownOutputs;
}

/** @throws PlatformError when the update does not come to its end. */
async function apply(session: Session, policyPack: string | undefined): Promise<Applied> {
  const { environment, stack, journal, output } = session;
  const progress = showProgress(output, `Applying to ${environment}`);
  const onEvent = (event: EngineEvent) => {
    journal.onEvent(event);
    progress.onEvent(event);
  };
  const outcome = await withStackLock(stack, () => up(stack, { onEvent, policyPack }), output.say).finally(
    progress.end,
  );
  if (outcome.error !== undefined)
    throw engineFailure(
      "The update failed; what was done is recorded, and running it again goes on",
      session,
      outcome,
    );
  const { durationSeconds } = outcome;
  return {
    counts: countOperations(outcome.steps),
    durationSeconds,
    outputs: shownOutputs(outcome.stackOutputs),
  };
}
