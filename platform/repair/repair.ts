import type { Stack } from "@pulumi/pulumi/automation/index.js";
import {
  endProcess,
  identityOf,
  isAlive,
  type ProcessIdentity,
  waitUntilGone,
} from "../../sandbox/daemon/process.ts";
import { tellLeftEvents } from "../engine/event-log.ts";
import { refresh } from "../engine/operations.ts";
import { nameOf } from "../engine/plan.ts";
import type { RunRecord } from "../engine/run-record.ts";
import { killSession } from "../engine/session.ts";
import { failure } from "../exit.ts";
import type { Journal } from "./journal.ts";
import { renewKubeconfigs } from "./kubeconfig.ts";
import { withStackLock } from "./locks.ts";
import { type CloudApi, findCreated } from "./lookup.ts";
import { applyRepair, isEmpty, planRepair, type RepairPlan } from "./plan.ts";
import { parseState, type StackState, type StateResource } from "./state.ts";

/** What a repair needs. */
export interface RepairOptions {
  readonly stack: Stack;
  readonly api: CloudApi;
  readonly runs: RunRecord;
  readonly journal: Journal;
  /** Provider calls that the sandbox still works on; none without a sandbox. */
  readonly callsInFlight: () => Promise<readonly { readonly urn: string }[]>;
  readonly onProgress: (line: string) => void;
}

/**
 * A killed command's engine has this long to finish what it began. It is not interrupted once more: the kernel has done
 * so, or the loss of its program does, and a second interrupt is an order to drop everything.
 */
const drainMs = 120_000;
const inFlightMs = 120_000;

/**
 * Puts right what a killed run left: an engine that still drains, plugins without an engine, a dead lock, operations that
 * were under way. Does nothing, quickly, when there is nothing to put right.
 *
 * @returns The state as it is recorded then.
 */
export async function repair(options: RepairOptions): Promise<StackState> {
  const { stack, runs, journal, onProgress } = options;
  await endLastEngine(runs, onProgress);
  tellLeftEvents(stack.workspace.workDir, journal.onEvent);
  const { deployment, ...rest } = await stack.exportStack();
  const state = journal.mergeInto(parseState(deployment));
  const plan = planRepair(state, journal.unread);
  if (isEmpty(plan)) {
    journal.clear();
    return state;
  }

  onProgress(describe(plan));
  await waitForCalls(options);
  const found = await lookUp(options.api, plan.lookUp);
  const repaired = applyRepair(state, found);
  const unread = [...new Set([...found.keys(), ...plan.reread])];
  journal.owe(unread);
  await withStackLock(stack, () => stack.importStack({ ...rest, deployment: repaired }), onProgress);
  if (unread.length > 0) await renewKubeconfigs(stack, state, onProgress);
  await reread(stack, unread);
  journal.clear();
  return parseState((await stack.exportStack()).deployment);
}

/** Lets the engine of a killed command finish, then ends whatever it left. */
async function endLastEngine(runs: RunRecord, onProgress: (line: string) => void): Promise<void> {
  const engine = runs.engine();
  if (engine === undefined) return;
  await drain(engine, onProgress);
  // A number that another process bears by now says that nothing of the old session is left.
  if (identityOf(engine.pid) === undefined) killSession(engine.pid);
  runs.clear();
}

async function drain(engine: ProcessIdentity, onProgress: (line: string) => void): Promise<void> {
  if (!isAlive(engine)) return;
  onProgress(`Waiting for the engine of a killed run (process ${engine.pid}) to record what it has done.`);
  if (!(await waitUntilGone(engine, drainMs))) await endProcess(engine, 5_000);
}

async function waitForCalls({ stack, callsInFlight, onProgress }: RepairOptions): Promise<void> {
  const prefix = `urn:pulumi:${stack.name}::`;
  const deadline = Date.now() + inFlightMs;
  let told = 0;
  for (;;) {
    const calls = (await callsInFlight()).filter(({ urn }) => urn.startsWith(prefix));
    if (calls.length === 0) return;
    if (Date.now() > deadline) {
      throw failure(
        `The sandbox still works on ${calls.map(({ urn }) => urn).join(", ")} for a run that was killed. ` +
          'Run this again later, or end it with "platform sandbox stop".',
      );
    }
    if (calls.length !== told) {
      onProgress(
        `Waiting for ${calls.length} provider ${calls.length === 1 ? "call" : "calls"} of the killed run to end.`,
      );
    }
    told = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function lookUp(api: CloudApi, resources: readonly StateResource[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const resource of resources) {
    const id = await findCreated(api, resource);
    if (id !== undefined) found.set(resource.urn, id);
  }
  return found;
}

async function reread(stack: Stack, urns: readonly string[]): Promise<void> {
  if (urns.length === 0) return;
  const { error, diagnostics } = await refresh(stack, { urns, onEvent: () => undefined });
  if (error === undefined) return;
  const reasons = diagnostics.filter(({ severity }) => severity === "error");
  throw failure(
    [
      "What a killed run left in the middle of a change could not be read; running this again goes on:",
      ...reasons.map(({ urn, message }) => `  - ${urn === undefined ? "" : `${nameOf(urn)}: `}${message}`),
    ].join("\n"),
    error,
  );
}

function describe({ lookUp, drop, reread: again }: RepairPlan): string {
  const count = lookUp.length + drop.length + again.length;
  return `The last run was cut short in the middle of ${count} ${count === 1 ? "change" : "changes"}: finding out what came of ${count === 1 ? "it" : "them"}.`;
}
