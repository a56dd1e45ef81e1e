import { decommissionLines } from "../../infra/config/index.ts";
import { destroy } from "../engine/operations.ts";
import { countOperations, nameOf } from "../engine/plan.ts";
import { type ExitStatus, exitStatus, PlatformError } from "../exit.ts";
import { renewKubeconfigs } from "../repair/kubeconfig.ts";
import { withStackLock } from "../repair/locks.ts";
import { protectedResources, type StateResource } from "../repair/state.ts";
import { commandLine } from "../report/command-line.ts";
import type { Output } from "../report/output.ts";
import { showProgress } from "../report/progress.ts";
import { countResources, goingText, resourcesText } from "../report/resources.ts";
import { type VerbOptions, withSession } from "../session.ts";
import { ask, foretellQuestion } from "./ask.ts";
import { engineFailure } from "./engine-failure.ts";

/** Deletes everything an environment has. Refused, before anything changes, while a store of it is protected. */
export const runDestroy = (environment: string, options: VerbOptions, output: Output): Promise<ExitStatus> =>
  withSession(environment, options, output, async (session) => {
    const { stack } = session;
    foretellQuestion(session);
    const state = await session.repair();
    const stores = protectedResources(state);
    if (stores.length > 0) throw protectedStores(environment, stores, options, output);
    const counts = countResources(state);
    if (counts.resources > 0) {
      output.say(goingText(state));
      await ask(session, `Delete all of ${environment}, ${resourcesText(counts)}?`);
    }

    await renewKubeconfigs(stack, state, output.say);
    const progress = showProgress(output, `Destroying ${environment}`);
    const outcome = await withStackLock(
      stack,
      () => destroy(stack, { onEvent: progress.onEvent }),
      output.say,
    ).finally(progress.end);
    if (outcome.error !== undefined)
      throw engineFailure(
        "The destroy failed; what was done is recorded, and running it again goes on",
        session,
        outcome,
      );
    const deleted = countOperations(outcome.steps).delete ?? 0;
    output.result(
      {
        schema: 1,
        environment,
        target: options.sandbox ? "sandbox" : "digitalocean",
        deleted,
        durationSeconds: outcome.durationSeconds,
      },
      `${environment} is gone: ${deleted} resources deleted.`,
    );
    return exitStatus.done;
  });

function protectedStores(
  environment: string,
  stores: readonly StateResource[],
  { sandbox }: VerbOptions,
  output: Output,
): PlatformError {
  const { bold } = output.colors;
  const lines = stores.map(({ urn, type }) => `  - ${bold(nameOf(urn))} (${type})`);
  return new PlatformError(
    exitStatus.refused,
    [
      `${environment} is not destroyed: ${stores.length} of its resources are protected, because they hold data:`,
      ...lines,
      "To take it down on purpose, in two recorded steps:",
      `  1. Add this to Pulumi.${environment}.yaml, at the end of "config:",`,
      ...decommissionLines(environment).map((line) => `     ${line}`),
      `     and lift the protection with: ${commandLine("up", environment, sandbox)}`,
      `  2. Delete it with: ${commandLine("destroy", environment, sandbox)}`,
      "docs/taking-down.md says what to save before, and what is left.",
      "Nothing was changed.",
    ].join("\n"),
    {
      details: {
        environment,
        protectedStores: stores.map(({ urn, type }) => ({ urn, name: nameOf(urn), type })),
      },
    },
  );
}
