import { type AskedResource, environmentCost } from "../../infra/cost.ts";
import { inContext } from "../../policies/context.ts";
import { type OperationOutcome, preview } from "../engine/operations.ts";
import { readEnvironment } from "../environment/settings.ts";
import { contextOf } from "../gate/stack-context.ts";
import { judge } from "../gate/verdict.ts";
import { withStackLock } from "../repair/locks.ts";
import type { StackState } from "../repair/state.ts";
import { type ChangeReport, type CostChange, changeReport } from "../report/change-report.ts";
import { type ShownOutputs, shownOutputs } from "../report/outputs.ts";
import { showProgress } from "../report/progress.ts";
import type { Session } from "../session.ts";
import { engineFailure } from "./engine-failure.ts";

/** A change that was previewed, and what it would start from and come to. */
export interface PlannedChange {
  readonly report: ChangeReport;
  /** The state before the change. */
  readonly state: StackState;
  /** What would be asked of the cloud after it. */
  readonly asked: readonly AskedResource[];
  /** The stack's outputs after it, as far as they can be known before. */
  readonly outputs: ShownOutputs;
}

/**
 * Repairs, previews with the policy pack, and judges: what every verb does that means to change something.
 *
 * @throws PlatformError when the preview itself fails, for another reason than a policy or a protected store.
 */
export async function planChange(session: Session): Promise<PlannedChange> {
  const { environment, stack, output, project, options } = session;
  // Imported while the stack is repaired and the policies come up; whether it could be is asked when the preview fails.
  const program = project.program();
  program.catch(() => undefined);
  const state = await session.repair();
  const progress = showProgress(output, `Previewing ${environment}`, true);
  let outcome: OperationOutcome;
  try {
    outcome = await withStackLock(
      stack,
      () => preview(stack, { onEvent: progress.onEvent, policyPack: project.policyPack }),
      output.say,
    );
  } finally {
    progress.end();
  }
  const { config } = (await readEnvironment(project, environment)).content;
  const cost = costChange(outcome);
  const { monthlyBudgetUsd: budgetUsd } = session.settings;
  const verdict = await inContext(contextOf({ stack: environment, config }), async () =>
    judge({
      policyEvents: outcome.policyEvents,
      steps: outcome.steps,
      refusedByEngine: outcome.refusedByEngine,
      complete: outcome.error === undefined,
      ...(cost && { cost }),
      ...(budgetUsd !== undefined && { budgetUsd }),
    }),
  );
  if (outcome.error !== undefined && verdict.allowed) {
    await program;
    throw engineFailure("The preview failed", session, outcome, true);
  }
  const report = changeReport(environment, options.sandbox ? "sandbox" : "digitalocean", outcome, verdict);
  return {
    report: cost === undefined ? report : { ...report, costUsd: cost },
    state,
    asked: outcome.asked.after(),
    outputs: shownOutputs(outcome.stackOutputs),
  };
}

/** A preview that did not come to its end knows no bill. */
function costChange({ asked, error }: OperationOutcome): CostChange | undefined {
  if (error !== undefined) return undefined;
  return {
    before: environmentCost(asked.before()).total,
    after: environmentCost(asked.after()).total,
  };
}
