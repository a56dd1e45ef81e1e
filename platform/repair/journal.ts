import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { readJson, replaceFile } from "../../sandbox/home.ts";
import { shownValue } from "../report/shown-value.ts";
import { newSecret, operationSchema, type StackState } from "./state.ts";

/**
 * What is still to be found out, kept from one run to the next.
 *
 * Creates of which nobody knows what came are noted when they begin, and struck out when they are answered. The engine
 * forgets every create that fails, although it may have been carried out: a plugin that died, or lost its connection,
 * could not tell; and this command may have been killed before it heard of it.
 * A create that the cloud refused is not among them: what has its name then is somebody else's, and never adopted.
 */
export interface Journal {
  /** Notes a create that begins, and strikes out one that was answered. */
  onEvent(event: EngineEvent): void;
  /** The state, with the noted creates among its pending operations: all that a repair must find out about. */
  mergeInto(state: StackState): StackState;
  /** Resources that the state records and that are still to be read, because a repair was cut short or failed. */
  readonly unread: readonly string[];
  /** Notes resources that are to be read as soon as the state records them. */
  owe(urns: readonly string[]): void;
  /** Forgets everything: it has been found out. */
  clear(): void;
}

const entrySchema = operationSchema.extend({ replaces: z.boolean() });
const journalSchema = z.object({ creates: z.array(entrySchema), unread: z.array(z.string()) });

/** A create, and whether something of its URN is recorded already, because that is being replaced. */
type Entry = z.infer<typeof entrySchema>;

/** What the engine, the stand-ins and the vendor's plugins say when they do not know what came of a call. */
const noAnswer =
  /\bEOF\b|cancell?ed|unavailable|did not answer|connection (re(set|fused)|closed)|transport is closing|plugin .*exited|time(d )?out|deadline exceeded/i;

const createOperations: readonly string[] = ["create", "create-replacement"];

/** @param workFolder Scratch folder of the environment. */
export function openJournal(workFolder: string): Journal {
  const file = join(workFolder, "journal.json");
  const before = readJournal(file);
  const open = new Map(before.creates.map((entry) => [entry.resource.urn, entry]));
  let unread = before.unread;
  const failed = new Map<string, Entry>();
  const unanswered = new Set<string>();
  const save = () => replaceFile(file, JSON.stringify({ creates: [...open.values()], unread }));
  const begin = (entry: Entry) => {
    open.set(entry.resource.urn, entry);
    save();
  };
  const end = (urn: string) => {
    if (open.delete(urn)) save();
  };
  return {
    onEvent: ({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }) => {
      const begun = createOf(resourcePreEvent?.metadata);
      if (begun !== undefined) begin(begun);
      if (resOutputsEvent !== undefined) end(resOutputsEvent.metadata.urn);
      // What a provider says of a failure comes before the failure itself, or after it.
      const failure = createOf(resOpFailedEvent?.metadata);
      if (failure !== undefined) failed.set(failure.resource.urn, failure);
      if (diagnosticEvent?.urn && noAnswer.test(diagnosticEvent.message)) unanswered.add(diagnosticEvent.urn);
      const urn = failure?.resource.urn ?? diagnosticEvent?.urn;
      const entry = urn === undefined ? undefined : failed.get(urn);
      if (entry === undefined) return;
      if (unanswered.has(entry.resource.urn)) begin(open.get(entry.resource.urn) ?? entry);
      else end(entry.resource.urn);
    },
    mergeInto: (state) => {
      const pending = state.pending_operations ?? [];
      const underWay = new Set(pending.map(({ resource }) => resource.urn));
      const recorded = new Set((state.resources ?? []).map(({ urn }) => urn));
      const news = [...open.values()].filter(
        ({ resource: { urn }, replaces }) => !underWay.has(urn) && (replaces || !recorded.has(urn)),
      );
      return {
        ...state,
        pending_operations: [...pending, ...news.map(({ type, resource }) => ({ type, resource }))],
      };
    },
    get unread() {
      return unread;
    },
    owe: (urns) => {
      unread = [...new Set([...unread, ...urns])];
      save();
    },
    clear: () => {
      open.clear();
      unread = [];
      rmSync(file, { force: true });
    },
  };
}

function readJournal(file: string): z.infer<typeof journalSchema> {
  return journalSchema.safeParse(readJson(file)).data ?? { creates: [], unread: [] };
}

function createOf(metadata: StepEventMetadata | undefined): Entry | undefined {
  const resource = metadata?.new;
  if (metadata === undefined || !resource || !createOperations.includes(metadata.op)) return undefined;
  const { urn, type, custom, parent, provider, protect, inputs } = resource;
  if (custom !== true) return undefined;
  return {
    type: "creating",
    replaces: metadata.op !== "create",
    resource: {
      urn,
      type,
      custom,
      created: new Date().toISOString(),
      ...(parent ? { parent } : {}),
      ...(provider ? { provider } : {}),
      ...(protect === true ? { protect } : {}),
      inputs: members(inputs, (value) => sealed(shownValue(value))),
    },
  };
}

/**
 * What is masked in an event must be a secret in the state too, or else what the cloud tells when it is read would be
 * recorded in clear. Until then, the mask stands for its value.
 */
function sealed(value: unknown): unknown {
  if (value === "[secret]") return newSecret(value);
  if (Array.isArray(value)) return value.map(sealed);
  return typeof value === "object" && value !== null ? members(value, sealed) : value;
}

const members = (of: object, change: (member: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(of).map(([name, member]) => [name, change(member)]));
