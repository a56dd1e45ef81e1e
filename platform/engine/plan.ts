import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { parsePropertyPath, valueAt } from "../report/property-path.ts";
import { bridgeDefaults, shownValue } from "../report/shown-value.ts";

/** The type of the stack itself, the parent of everything, which bears the outputs. */
export const stackType = "pulumi:pulumi:Stack";

/** What happens to a resource as a whole. `replace` is a delete and a create, in whichever order. */
export type Operation = "create" | "update" | "replace" | "delete" | "read" | "same";

/** One property that a step changes. Values that are secret read `[secret]`, those still unknown `[unknown]`. */
export interface PropertyChange {
  /** As the engine writes it, e.g. `nodePool.nodeCount`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** Whether this change is why the resource is replaced. */
  readonly replaces: boolean;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What the engine means to do, or has done, with one resource. */
export interface PlannedStep {
  readonly operation: Operation;
  readonly urn: string;
  /** Type token, e.g. `digitalocean:index/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  /** Whether the state says that the engine must not delete it. A change of that is one of the path `protect`. */
  readonly protected: boolean;
  readonly changes: readonly PropertyChange[];
}

const operations: Partial<Record<OpType, Operation>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  read: "read",
  "read-replacement": "replace",
  same: "same",
  refresh: "same",
  import: "create",
  "import-replacement": "replace",
};

/** Which of several events about one resource tells most: those of a replacement come in three parts. */
const weight: Record<Operation, number> = { same: 0, read: 1, create: 2, update: 3, delete: 4, replace: 5 };

/** Collects, from the engine's events, one step for each resource. */
export class Plan {
  readonly #steps = new Map<string, PlannedStep>();

  add(event: EngineEvent): void {
    // What a refresh found out is told when it is done; of everything else the same is told before and after.
    const metadata = (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata;
    const operation = metadata === undefined ? undefined : operations[metadata.op];
    if (metadata === undefined || operation === undefined || isBookkeeping(metadata)) return;
    const known = this.#steps.get(metadata.urn);
    const step = toStep(operation, metadata);
    if (known === undefined || weight[step.operation] > weight[known.operation])
      this.#steps.set(step.urn, step);
    else if (known.changes.length === 0 && step.operation === known.operation)
      this.#steps.set(step.urn, step);
  }

  /** The steps in the order in which the engine came upon them. */
  steps(): PlannedStep[] {
    return [...this.#steps.values()];
  }
}

/** The steps that change something. */
export const changing = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.filter(({ operation }) => operation !== "same" && operation !== "read");

/** How many steps there are of each operation. */
export function countOperations(steps: readonly PlannedStep[]): Partial<Record<Operation, number>> {
  const counts: Partial<Record<Operation, number>> = {};
  for (const { operation } of steps) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** The last part of a URN. */
export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** The stack itself and the providers that nobody declared are the engine's own entries, and say nothing of the cloud. */
export const isBookkeeping = ({ type, urn }: Pick<StepEventMetadata, "type" | "urn">): boolean =>
  type === stackType || (type.startsWith("pulumi:providers:") && nameOf(urn).startsWith("default"));

/** Whether a step takes from a resource what keeps it from being deleted. */
export const liftsProtection = ({ changes }: Pick<PlannedStep, "changes">): boolean =>
  changes.some(({ path, before, after }) => path === protection && before === true && after === false);

/** Path of the change of a resource's option, among those of its properties. */
const protection = "protect";

function toStep(operation: Operation, metadata: StepEventMetadata): PlannedStep {
  const protectionChanges = changesOfProtection(metadata);
  return {
    // To the engine a resource is the same when only its protection changes: the cloud hears nothing of it.
    operation: operation === "same" && protectionChanges.length > 0 ? "update" : operation,
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    protected: metadata.old?.protect ?? false,
    changes: [...protectionChanges, ...propertyChanges(metadata)],
  };
}

/** A resource that comes or goes changes no protection: it has none yet, or needs none any more. */
function changesOfProtection({ old, new: wanted }: StepEventMetadata): PropertyChange[] {
  if (!old || !wanted) return [];
  const before = old.protect ?? false;
  const after = wanted.protect ?? false;
  return before === after ? [] : [{ path: protection, kind: "update", replaces: false, before, after }];
}

function propertyChanges(metadata: StepEventMetadata): PropertyChange[] {
  const details = metadata.detailedDiff ?? {};
  const paths = Object.keys(details).length > 0 ? Object.keys(details) : (metadata.diffs ?? []);
  const told = paths.filter((path) => !parsePropertyPath(path).includes(bridgeDefaults));
  return told.sort().map((path) => {
    const detail = details[path];
    const kind = (detail?.diffKind ?? "update").replace("-replace", "");
    const parsed = parsePropertyPath(path);
    const old = detail?.inputDiff === false ? metadata.old?.outputs : metadata.old?.inputs;
    const before = shownValue(valueAt(old, parsed) ?? valueAt(metadata.old?.outputs, parsed));
    const after = shownValue(valueAt(metadata.new?.inputs, parsed));
    return {
      path,
      kind: kind === "add" || kind === "delete" ? kind : "update",
      replaces: detail?.diffKind.endsWith("-replace") ?? metadata.keys?.includes(path) ?? false,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}
