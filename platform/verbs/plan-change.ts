import { environmentCost } from "../../infra/cost.ts";
import { type OperationOutcome, preview } from "../engine/operations.ts";
import { judge } from "../gate/verdict.ts";
import { withStackLock } from "../repair/locks.ts";
import { type ChangeReport, changeReport } from "../report/change-report.ts";
import { showProgress } from "../report/progress.ts";
import type { Session } from "../session.ts";
import { engineFailure } from "./engine-failure.ts";

/**
 * Repairs, previews with the policy pack, and judges: what every verb does that means to change something.
 *
 * @throws PlatformError when the preview itself fails, for another reason than a policy or a protected store.
 */
export async function planChange(session: Session): Promise<ChangeReport> {
  const { environment, stack, output, project, options } = session;
  // Imported while the stack is repaired and the policies come up; whether it could be is asked when the preview fails.
  const program = project.program();
  program.catch(() => undefined);
  await session.repair();
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
  const verdict = judge({
    policyEvents: outcome.policyEvents,
    steps: outcome.steps,
    refusedByEngine: outcome.refusedByEngine,
  });
  if (outcome.error !== undefined && verdict.allowed) {
    await program;
    throw engineFailure("The preview failed", session, outcome, true);
  }
  const report = changeReport(environment, options.sandbox ? "sandbox" : "digitalocean", outcome, verdict);
  const { asked, error } = outcome;
  if (error !== undefined) return report;
  const { total: before } = environmentCost(asked.before());
  const { total: after } = environmentCost(asked.after());
  return { ...report, costUsd: { before, after } };
}
