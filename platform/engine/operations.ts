import {
  ConcurrentUpdateError,
  type EngineEvent,
  type PolicyEvent,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { plain } from "../gate/verdict.ts";
import { Asked } from "./asked.ts";
import { Plan, type PlannedStep, stackType } from "./plan.ts";
import { remediationAdvice } from "./remediation.ts";

/** Something the engine, a provider or the program said that a person should read. */
export interface Diagnostic {
  readonly severity: "warning" | "error";
  readonly message: string;
  readonly urn?: string;
}

/** What came of one operation of the engine. */
export interface OperationOutcome {
  readonly steps: readonly PlannedStep[];
  /** What is asked of the cloud before the operation and after it. */
  readonly asked: Pick<Asked, "before" | "after">;
  readonly diagnostics: readonly Diagnostic[];
  readonly policyEvents: readonly PolicyEvent[];
  /** URNs that the engine refused to delete, because they are protected. */
  readonly refusedByEngine: readonly string[];
  /** The stack's own outputs, secrets masked; empty when the operation did not come so far, and of a destroy. */
  readonly stackOutputs: Readonly<Record<string, unknown>>;
  readonly durationSeconds: number;
  /** Why the operation failed; undefined when it did not. */
  readonly error: unknown;
}

/** Told of every event as it comes, to show progress. */
export type EventListener = (event: EngineEvent) => void;

interface EngineOperationOptions {
  readonly onEvent: EventListener;
}

interface PolicedOptions extends EngineOperationOptions {
  /** Folder of the policy pack, if any. */
  readonly policyPack: string | undefined;
}

/** Finds out what an `up` would do. */
export const preview = (stack: Stack, { onEvent, policyPack }: PolicedOptions): Promise<OperationOutcome> =>
  observe(onEvent, (listener) => stack.preview({ ...quiet, onEvent: listener, ...packs(policyPack) }));

/** Makes the cloud what the program says. */
export const up = (stack: Stack, { onEvent, policyPack }: PolicedOptions): Promise<OperationOutcome> =>
  observe(onEvent, (listener) => terse(stack).up({ ...quiet, onEvent: listener, ...packs(policyPack) }));

/** What a refresh may touch and keep. */
export interface RefreshOptions extends EngineOperationOptions {
  /** Only these resources; by default all. */
  readonly urns?: readonly string[];
  /** Finds out and records nothing. */
  readonly previewOnly?: boolean;
  /** Configures providers as the program does now, instead of as the state recorded. Default: as recorded. */
  readonly runProgram?: boolean;
}

/** Reads the cloud and records what it is. */
export const refresh = (
  stack: Stack,
  { onEvent, urns, previewOnly, runProgram }: RefreshOptions,
): Promise<OperationOutcome> =>
  observe(onEvent, (listener) =>
    terse(stack).refresh({
      ...quiet,
      onEvent: listener,
      ...(urns === undefined ? {} : { target: [...urns] }),
      ...(previewOnly === true ? { previewOnly } : {}),
      ...(runProgram === true ? { runProgram } : {}),
    }),
  );

/** Deletes everything the stack has. */
export const destroy = (stack: Stack, { onEvent }: EngineOperationOptions): Promise<OperationOutcome> =>
  observe(onEvent, (listener) => terse(stack).destroy({ ...quiet, onEvent: listener }));

/**
 * The stack, without what the Automation API asks for after each operation: outputs and history, three more runs of the
 * command line for a result that nobody here reads.
 */
const terse = (stack: Stack): Stack =>
  Object.create(stack, {
    outputs: { value: async () => ({}) },
    info: { value: async () => undefined },
  });

const quiet = { color: "never", suppressProgress: true } as const;

const packs = (policyPack: string | undefined) =>
  policyPack === undefined ? {} : { policyPacks: [policyPack] };

async function observe(
  onEvent: EventListener,
  operation: (listener: EventListener) => Promise<unknown>,
): Promise<OperationOutcome> {
  const begunAt = Date.now();
  const plan = new Plan();
  const asked = new Asked();
  const diagnostics: Diagnostic[] = [];
  const policyEvents: PolicyEvent[] = [];
  let stackOutputs: Readonly<Record<string, unknown>> = {};
  let error: unknown;
  try {
    await operation((event) => {
      const registered = event.resOutputsEvent?.metadata;
      if (registered?.type === stackType) stackOutputs = registered.new?.outputs ?? {};
      plan.add(event);
      asked.add(event);
      const diagnostic = toDiagnostic(event);
      if (diagnostic !== undefined) diagnostics.push(diagnostic);
      const said = event.policyEvent ?? remediationAdvice(event);
      if (said !== undefined) policyEvents.push(said);
      onEvent(event);
    });
  } catch (thrown) {
    // Nothing was done: the stack is somebody else's for now.
    if (thrown instanceof ConcurrentUpdateError) throw thrown;
    error = thrown;
  }
  return {
    steps: plan.steps(),
    asked,
    diagnostics,
    policyEvents,
    refusedByEngine: diagnostics.flatMap(({ severity, message }) =>
      severity === "error" ? protectedUrns(message) : [],
    ),
    stackOutputs,
    durationSeconds: (Date.now() - begunAt) / 1000,
    error,
  };
}

/** The engine wonders at a policy host that is not the vendor's: it is there on purpose. */
const ownPolicyHost = /^using pulumi-analyzer-\S+ from \$PATH/;

function toDiagnostic({ diagnosticEvent }: EngineEvent): Diagnostic | undefined {
  if (diagnosticEvent === undefined || diagnosticEvent.ephemeral === true) return undefined;
  const { severity, urn } = diagnosticEvent;
  const message = plain(diagnosticEvent.message);
  if ((severity !== "warning" && severity !== "error") || message === "") return undefined;
  if (ownPolicyHost.test(message)) return undefined;
  return { severity, message, ...(urn ? { urn } : {}) };
}

/** The engine names a protected resource only in the text of its refusal. */
function protectedUrns(message: string): string[] {
  return /protect/.test(message) ? [...new Set(message.match(/urn:pulumi:[^\s"'`,]+/g) ?? [])] : [];
}
