import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { up } from "../engine/operations.ts";
import { countOperations } from "../engine/plan.ts";
import { type ExitStatus, exitStatus } from "../exit.ts";
import { withStackLock } from "../repair/locks.ts";
import { countsLine, isUnchanged } from "../report/change-report.ts";
import { changeText } from "../report/change-text.ts";
import type { Output } from "../report/output.ts";
import { outputsText, shownOutputs } from "../report/outputs.ts";
import { showProgress } from "../report/progress.ts";
import { type VerbOptions, withSession } from "../session.ts";
import { ask, foretellQuestion } from "./ask.ts";
import { engineFailure } from "./engine-failure.ts";
import { planChange } from "./plan-change.ts";

/** Makes an environment what the program says: repairs, previews, gates, asks, applies, reports. */
export const runUp = (environment: string, options: VerbOptions, output: Output): Promise<ExitStatus> =>
  withSession(environment, options, output, async (session) => {
    const { stack, project, journal } = session;
    foretellQuestion(session);
    const plan = await planChange(session);
    if (!plan.allowed) {
      output.result(plan, changeText(plan, output.colors));
      return exitStatus.refused;
    }
    output.say(changeText(plan, output.colors));
    // An unchanged plan is applied all the same: what only the state records, such as parents, shows in no step.
    // The policies have judged each value of it, so they are not asked again.
    const unchanged = isUnchanged(plan);
    if (!unchanged) await ask(session, `Apply this to ${environment}?`);

    const progress = showProgress(output, `Applying to ${environment}`);
    const onEvent = (event: EngineEvent) => {
      journal.onEvent(event);
      progress.onEvent(event);
    };
    const outcome = await withStackLock(
      stack,
      () => up(stack, { onEvent, policyPack: unchanged ? undefined : project.policyPack }),
      output.say,
    ).finally(progress.end);
    if (outcome.error !== undefined)
      throw engineFailure(
        "The update failed; what was done is recorded, and running it again goes on",
        session,
        outcome,
      );

    const outputs = shownOutputs(outcome.stackOutputs);
    const counts = countOperations(outcome.steps);
    output.result(
      {
        schema: 1,
        environment,
        target: plan.target,
        plan,
        applied: { counts, durationSeconds: outcome.durationSeconds },
        outputs,
      },
      [`${environment} is up: ${countsLine(counts, "done")}.`, "", outputsText(outputs)].join("\n").trimEnd(),
    );
    return exitStatus.done;
  });
