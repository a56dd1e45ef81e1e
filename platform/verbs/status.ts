import { runningRecord } from "../../sandbox/daemon/record.ts";
import { nameOf } from "../engine/plan.ts";
import { type ExitStatus, exitStatus } from "../exit.ts";
import { readRecorded } from "../recorded.ts";
import { protectedResources, type StackState } from "../repair/state.ts";
import { placeOf } from "../report/change-report.ts";
import type { Output } from "../report/output.ts";
import { outputsText, recordedOutputs } from "../report/outputs.ts";
import { countResources, type ResourceCounts, resourcesText } from "../report/resources.ts";
import type { VerbOptions } from "../session.ts";

/** What a status says: the document that `--json` prints. */
interface StatusReport extends ResourceCounts {
  readonly schema: 1;
  readonly environment: string;
  readonly target: "sandbox" | "digitalocean";
  /** Whether the sandbox runs; absent for DigitalOcean. */
  readonly sandboxRunning?: boolean;
  readonly protectedStores: readonly string[];
  /** What a killed run left under way; the next `up` repairs it. */
  readonly pendingOperations: readonly { readonly name: string; readonly operation: string }[];
  readonly lastUpdate?: { readonly kind: string; readonly result: string; readonly endedAt: string };
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Tells what is recorded of an environment. Changes nothing, asks the cloud nothing, starts nothing. */
export async function runStatus(
  environment: string,
  options: VerbOptions,
  output: Output,
): Promise<ExitStatus> {
  const { home, state, lastUpdate } = await readRecorded(environment, options.sandbox, output);
  const report: StatusReport = {
    schema: 1,
    environment,
    target: options.sandbox ? "sandbox" : "digitalocean",
    ...(options.sandbox ? { sandboxRunning: runningRecord(home.sandboxRecord) !== undefined } : {}),
    ...summary(state),
    ...(lastUpdate === undefined
      ? {}
      : {
          lastUpdate: {
            kind: lastUpdate.kind,
            result: lastUpdate.result,
            endedAt: new Date(lastUpdate.endTime).toISOString(),
          },
        }),
    outputs: recordedOutputs(state),
  };
  output.result(report, statusText(report, output));
  return exitStatus.done;
}

const summary = (state: StackState) => ({
  ...countResources(state),
  protectedStores: protectedResources(state).map(({ urn }) => nameOf(urn)),
  pendingOperations: (state.pending_operations ?? []).map(({ type, resource }) => ({
    name: nameOf(resource.urn),
    operation: type,
  })),
});

function statusText(report: StatusReport, { colors }: Output): string {
  const { environment, protectedStores, pendingOperations, lastUpdate, outputs } = report;
  return [
    colors.bold(`${environment} in ${placeOf(report)}: ${resourcesText(report)}`),
    ...(report.sandboxRunning === false ? ["The sandbox does not run; what it keeps is on disk."] : []),
    ...(lastUpdate === undefined
      ? ["Nothing was deployed yet."]
      : [`Last: ${lastUpdate.kind} ${lastUpdate.result}, ${lastUpdate.endedAt}`]),
    ...(protectedStores.length === 0 ? [] : [`Protected: ${protectedStores.join(", ")}`]),
    ...pendingOperations.map(({ name, operation }) => colors.yellow(`Cut short: ${operation} ${name}`)),
    ...(Object.keys(outputs).length === 0 ? [] : ["", outputsText(outputs)]),
  ].join("\n");
}
