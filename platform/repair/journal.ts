import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { operationSchema, type PendingOperation, type StackState } from "./state.ts";

/**
 * Creates that ended without an answer, kept from one run to the next. The engine forgets every create that fails,
 * although these may have been carried out: a plugin that died, or lost its connection, could not tell.
 * A create that the cloud refused is not among them: what has its name then is somebody else's, and never adopted.
 */
export interface Journal {
  /** Notes a create that ended without an answer. */
  onEvent(event: EngineEvent): void;
  /** The state, with the noted creates among its pending operations: all that a repair must find out about. */
  mergeInto(state: StackState): StackState;
  /** Forgets what has been found out. */
  clear(): void;
}

const entriesSchema = z.array(operationSchema);
/** What the engine, the stand-ins and the vendor's plugins say when they do not know what came of a call. */
const noAnswer =
  /\bEOF\b|cancell?ed|unavailable|did not answer|connection (re(set|fused)|closed)|transport is closing|plugin .*exited|time(d )?out|deadline exceeded/i;

const createOperations: readonly string[] = ["create", "create-replacement"];

/** @param workFolder Scratch folder of the environment. */
export function openJournal(workFolder: string): Journal {
  const file = join(workFolder, "failed-creates.json");
  const entries = readEntries(file);
  const failed = new Map<string, PendingOperation>();
  const unanswered = new Set<string>();
  return {
    onEvent: (event) => {
      const { diagnosticEvent } = event;
      const create = failedCreate(event);
      if (create !== undefined) failed.set(create.resource.urn, create);
      if (diagnosticEvent?.urn && noAnswer.test(diagnosticEvent.message)) unanswered.add(diagnosticEvent.urn);
      const urn = create?.resource.urn ?? diagnosticEvent?.urn;
      const entry = urn !== undefined && unanswered.has(urn) ? failed.get(urn) : undefined;
      if (entry === undefined) return;
      entries.push(entry);
      const draft = `${file}.draft`;
      writeFileSync(draft, JSON.stringify(entries), { mode: 0o600 });
      renameSync(draft, file);
    },
    mergeInto: (state) => {
      const pending = state.pending_operations ?? [];
      const known = new Set(
        [...(state.resources ?? []), ...pending.map(({ resource }) => resource)].map(({ urn }) => urn),
      );
      const news = new Map(entries.map((entry) => [entry.resource.urn, entry]));
      return {
        ...state,
        pending_operations: [
          ...pending,
          ...[...news.values()].filter(({ resource }) => !known.has(resource.urn)),
        ],
      };
    },
    clear: () => {
      entries.length = 0;
      rmSync(file, { force: true });
    },
  };
}

function readEntries(file: string): PendingOperation[] {
  try {
    return entriesSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}

function failedCreate({ resOpFailedEvent }: EngineEvent): PendingOperation | undefined {
  const metadata = resOpFailedEvent?.metadata;
  const resource = metadata?.new;
  if (metadata === undefined || !resource || !createOperations.includes(metadata.op)) return undefined;
  const { urn, type, custom, parent, provider, protect, inputs } = resource;
  if (custom !== true) return undefined;
  return {
    type: "creating",
    resource: {
      urn,
      type,
      custom,
      ...(parent ? { parent } : {}),
      ...(provider ? { provider } : {}),
      ...(protect === true ? { protect } : {}),
      inputs: unmasked(inputs),
    },
  };
}

/** Events show secrets as a mask, which must not get into the state as if it were the value. */
const unmasked = (inputs: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => !JSON.stringify(value).includes('"[secret]"')),
  );
