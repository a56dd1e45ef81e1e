import { setTimeout as sleep } from "node:timers/promises";
import { ProviderError } from "../kit/errors.ts";
import { waitUntilGone } from "./await/wait.ts";
import { ApiError, hasReason, isNotFound } from "./cluster/api-error.ts";
import { type Cluster, UnservedKindError } from "./cluster/cluster.ts";
import { CREATOR, madeByUs, managersOf, withIgnoredFields, withoutPredecessors } from "./field-managers.ts";
import { isAnnotated } from "./objects/annotations.ts";
import { isMadeUpFieldManager } from "./objects/naming.ts";
import {
  asObject,
  type KubernetesObject,
  nameOf,
  namespaceOf,
  type PlainMap,
  textAt,
  withValueAt,
} from "./objects/object.ts";
import { kindOf } from "./objects/type-token.ts";

/** How objects are written. */
export interface ApplyOptions {
  readonly cluster: Cluster;
  /** The name under which we manage the object's fields. */
  readonly fieldManager: string;
  /** Take fields over from other managers, always. */
  readonly enablePatchForce: boolean;
  /** Creating changes an object that is there already. */
  readonly upsertExistingObjects: boolean;
  /** Say what would come of it, and change nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** How long a namespace or a kind that is being made elsewhere in the program is waited for. */
const APPEARANCE_PATIENCE_MS = 30_000;
const APPEARANCE_PAUSE_MS = 500;
/** How long an object that is being deleted may take. */
const DEPARTURE_PATIENCE_MS = 60_000;
const WRITE_TRIES = 5;

/** Makes an object. Throws `ApiError`; one that is there already is said to be, with what to do. */
export async function createObject(
  object: KubernetesObject,
  options: ApplyOptions,
): Promise<KubernetesObject> {
  const deadline = Date.now() + (options.dryRun ? 0 : APPEARANCE_PATIENCE_MS);
  for (;;) {
    try {
      return await createOnce(object, options);
    } catch (error) {
      if (hasReason(error, "AlreadyExists")) throw new AlreadyExistsError(object, error);
      if (!mayAppear(error) || Date.now() > deadline) throw error;
      options.progress(`waiting for what ${object.kind} ${nameOf(object)} needs: ${error.serverMessage}`);
      await sleep(APPEARANCE_PAUSE_MS, undefined, { signal: options.signal });
    }
  }
}

async function createOnce(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
  const { cluster, dryRun, signal } = options;
  const scoped = await inScope(object, cluster);
  // A trial run cannot tell a change of the object that is there from the making of its replacement: it makes.
  if (!options.upsertExistingObjects || dryRun) {
    return cluster.create(scoped, { fieldManager: CREATOR, dryRun, signal });
  }
  const found = await lookFor(scoped, cluster, signal);
  if (found !== undefined && !(await goes(found, options))) return updateObject(scoped, [], options);
  const force = options.enablePatchForce || isAnnotated(object, "patchForce");
  return explained(cluster.apply(scoped, { fieldManager: options.fieldManager, force, dryRun, signal }));
}

/**
 * The name under which a killed run, that could not record it, manages an object's fields; empty when there is none. Whoever
 * makes the object again goes on under that name, or else would quarrel with it over the next change.
 */
export async function earlierFieldManager(
  object: KubernetesObject,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<string> {
  if ((await cluster.served(kindOf(object))) === undefined) return "";
  const found = await lookFor(object, cluster, signal);
  return (
    managersOf(found ?? {})
      .map((entry) => textAt(entry, "manager"))
      .find(isMadeUpFieldManager) ?? ""
  );
}

/** The object as it is; undefined when it is not there. */
async function lookFor(
  object: KubernetesObject,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.get(kindOf(object), namespaceOf(object), nameOf(object), signal);
  } catch (error) {
    if (isNotFound(error) && !(error instanceof UnservedKindError)) return undefined;
    throw error;
  }
}

/** Objects of the cluster as a whole have no namespace; a check that could not know the kind may have given them one. */
async function inScope(object: KubernetesObject, cluster: Cluster): Promise<KubernetesObject> {
  const served = await cluster.served(kindOf(object));
  if (served?.namespaced !== false) return object;
  return asObject(withValueAt(object, ["metadata", "namespace"], undefined));
}

/** Brings an object to what the inputs say: by server-side apply, or as a whole for definitions of custom kinds. */
export async function updateObject(
  inputs: KubernetesObject,
  ignoreChanges: readonly string[],
  options: ApplyOptions,
): Promise<KubernetesObject> {
  const kind = kindOf(inputs);
  for (let tries = 1; ; tries += 1) {
    const live = await options.cluster.get(
      kind,
      textAt(inputs, "metadata", "namespace"),
      nameOf(inputs),
      options.signal,
    );
    try {
      if (inputs.kind === "CustomResourceDefinition") return await replaceObject(inputs, live, options);
      return await applyObject(inputs, live, ignoreChanges, options);
    } catch (error) {
      if (!isStale(error) || tries === WRITE_TRIES) throw error;
    }
  }
}

async function applyObject(
  inputs: KubernetesObject,
  live: KubernetesObject,
  ignoreChanges: readonly string[],
  options: ApplyOptions,
): Promise<KubernetesObject> {
  const { cluster, dryRun, fieldManager, signal } = options;
  const managers = dryRun ? undefined : withoutPredecessors(live, fieldManager);
  const ours = managers === undefined ? live : await cluster.replaceManagers(live, managers, signal);
  const applied = asObject(withIgnoredFields(inputs, ours, fieldManager, ignoreChanges));
  const force =
    options.enablePatchForce ||
    isAnnotated(inputs, "patchForce") ||
    managersOf(ours).length === 0 ||
    (dryRun && madeByUs(ours));
  return explained(cluster.apply(applied, { fieldManager, force, dryRun, signal }));
}

function replaceObject(
  inputs: KubernetesObject,
  live: KubernetesObject,
  { cluster, dryRun, fieldManager, signal }: ApplyOptions,
): Promise<KubernetesObject> {
  const resourceVersion = textAt(live, "metadata", "resourceVersion");
  const next = asObject(withValueAt(inputs, ["metadata", "resourceVersion"], resourceVersion));
  return cluster.replace(next, { fieldManager, dryRun, signal });
}

/** Gives up the fields that are managed under another name, in favour of who manages them besides. */
export async function relinquish(
  object: KubernetesObject,
  fieldManager: string,
  { cluster, dryRun, signal }: ApplyOptions,
): Promise<void> {
  const { apiVersion, kind } = object;
  const namespace = textAt(object, "metadata", "namespace");
  const metadata = { name: nameOf(object), ...(namespace === "" ? {} : { namespace }) };
  await cluster.apply({ apiVersion, kind, metadata }, { fieldManager, force: false, dryRun, signal });
}

/** A conflict between managers of fields, with what can be done about it. */
async function explained(write: Promise<KubernetesObject>): Promise<KubernetesObject> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof ApiError) || !isFieldConflict(error)) throw error;
    const fields = error.causes.map((cause) => `\n  - ${cause.field}: ${cause.message}`).join("");
    throw new ProviderError(
      `other managers own fields that the program sets:${fields}\n` +
        "Leave these fields out of the program, or ignore them (ignoreChanges), or take them over with the annotation " +
        'pulumi.com/patchForce: "true".',
    );
  }
}

function isFieldConflict(error: ApiError): boolean {
  return error.causes.some((cause) => cause.reason === "FieldManagerConflict");
}

/** Somebody wrote the object between our reading and our writing. */
function isStale(error: unknown): boolean {
  return hasReason(error, "Conflict") && !isFieldConflict(error);
}

/**
 * A kind or a namespace that is not there may be on its way, and so may the next one of a namespace that is being deleted;
 * the object itself cannot be missing when it is made.
 */
function mayAppear(error: unknown): error is ApiError {
  if (isNotFound(error)) return true;
  return error instanceof ApiError && error.causes.some((cause) => cause.reason === "NamespaceTerminating");
}

/** Waits for an object that a killed run is deleting to be gone. Resolves to false when nobody deletes it. */
export async function goes(
  object: KubernetesObject,
  { cluster, signal, progress }: Pick<ApplyOptions, "cluster" | "signal" | "progress">,
): Promise<boolean> {
  if (textAt(object, "metadata", "deletionTimestamp") === "") return false;
  const kept = await waitUntilGone(object, { cluster, signal, progress, timeoutMs: DEPARTURE_PATIENCE_MS });
  if (kept !== undefined) throw new ProviderError(`${kept}: somebody is deleting it`);
  return true;
}

/** An object of that name is there already: with what can be done about it. */
export class AlreadyExistsError extends ProviderError {
  override readonly name = "AlreadyExistsError";

  constructor(object: PlainMap, error: ApiError) {
    super(
      `${error.serverMessage}. If it is this resource under a former name, give it an alias (or deleteBeforeReplace, if it ` +
        `is being replaced); if somebody else made ${nameOf(object)}, bring it in with \`pulumi import\`, or let the ` +
        "provider change existing objects with upsertExistingObjects",
    );
  }
}
