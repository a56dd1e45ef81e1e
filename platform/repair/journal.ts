import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { operationSchema, type PendingOperation, type StackState } from "./state.ts";

/**
 * Creates that failed, kept from one run to the next. The engine forgets them, although some may have been carried out:
 * a plugin that died, or lost its connection, could not tell.
 */
export interface Journal {
  /** Notes a create that failed. */
  onEvent(event: EngineEvent): void;
  /** The state, with the noted creates among its pending operations: all that a repair must find out about. */
  mergeInto(state: StackState): StackState;
  /** Forgets what has been found out. */
  clear(): void;
}

const entriesSchema = z.array(operationSchema);
const createOperations: readonly string[] = ["create", "create-replacement"];

/** @param workFolder Scratch folder of the environment. */
export function openJournal(workFolder: string): Journal {
  const file = join(workFolder, "failed-creates.json");
  const entries = readEntries(file);
  return {
    onEvent: (event) => {
      const entry = failedCreate(event);
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
