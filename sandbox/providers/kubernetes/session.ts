import { ProviderError, ResourceInitError } from "../kit/errors.ts";
import type {
  CallContext,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  InvokeRequest,
  InvokeResult,
  ProviderSession,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../kit/provider.ts";
import { hasUnknown, type PropertyMap } from "../kit/values.ts";
import {
  type ApplyOptions,
  createObject,
  earlierFieldManager,
  goes,
  relinquish,
  updateObject,
} from "./apply.ts";
import { awaitObject, isUnreadyJob, unreadiness } from "./await/object.ts";
import { timeoutMs, waitUntilGone } from "./await/wait.ts";
import { checkObject } from "./check.ts";
import {
  fromOutputs,
  markSecrets,
  pruneToInputs,
  toOutputs,
  toPlainObject,
  toProperties,
} from "./checkpoint.ts";
import { isNotFound } from "./cluster/api-error.ts";
import { type Cluster, UnservedKindError } from "./cluster/cluster.ts";
import type { KubernetesConfiguration } from "./configuration.ts";
import { deletionPolicy, skipsAwaitOnDelete } from "./deletion.ts";
import { diffObject } from "./diff.ts";
import { importedInputs } from "./import.ts";
import { ANNOTATIONS, annotationOf } from "./objects/annotations.ts";
import { makeUpFieldManager } from "./objects/naming.ts";
import { asObject, type KubernetesObject, parseResourceId, resourceId } from "./objects/object.ts";
import { kindOf, type ObjectKind, parseTypeToken } from "./objects/type-token.ts";
import { previewOutputs } from "./preview.ts";

/** What one engine works with on one connection. */
export interface SessionOptions {
  readonly configuration: KubernetesConfiguration;
  /** The cluster, or why it cannot be reached. */
  readonly reach: { readonly cluster: Cluster } | { readonly unreachable: string };
  /** For objects that name none. */
  readonly defaultNamespace: string;
  /** Lets go of the cluster. */
  readonly release: () => Promise<void>;
}

/** Any kind of object that the API server serves, as the vendor's plugin manages it with server-side apply. */
export class KubernetesSession implements ProviderSession {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    const kind = parseTypeToken(request.type);
    const { configuration, defaultNamespace } = this.#options;
    const cluster = this.#clusterIfReached();
    if (cluster === undefined && configuration.skipUpdateUnreachable && request.oldInputs !== undefined) {
      return { inputs: request.oldInputs, failures: [] };
    }
    return checkObject(request, { kind, cluster, defaultNamespace });
  }

  async diff(request: DiffRequest, call: CallContext): Promise<DiffResult> {
    const kind = parseTypeToken(request.type);
    const { configuration } = this.#options;
    const result = diffObject(
      kind,
      request.oldOutputs,
      request.newInputs,
      request.ignoreChanges,
      configuration,
    );
    const asked = { cluster: this.#clusterIfReached(), inputs: toPlainObject(request.newInputs), call };
    if (!(await isUnreadyJob(kind, request.id, asked))) return result;
    const annotation = {
      path: ["metadata", "annotations", ANNOTATIONS.replaceUnready],
      kind: "update" as const,
      replace: true,
    };
    return { ...result, changed: true, properties: [...result.properties, annotation] };
  }

  async create(request: CreateRequest, call: CallContext): Promise<CreateResult> {
    const kind = parseTypeToken(request.type);
    if (request.preview && !(await this.#canPreview(kind, request.inputs))) {
      return { id: "", outputs: request.inputs };
    }
    const inputs = asObject(toPlainObject(request.inputs));
    const fieldManager =
      annotationOf(inputs, "patchFieldManager") ||
      (request.preview ? "" : await this.#earlierFieldManager(inputs, call)) ||
      makeUpFieldManager();
    const notes = { initialApiVersion: inputs.apiVersion, fieldManager };
    const options = this.#applyOptions(fieldManager, request.preview, call);
    if (request.preview) {
      return { id: "", outputs: await previewOutputs(createObject(inputs, options), request.inputs, notes) };
    }
    const created = await createObject(inputs, options);
    if (inputs.kind === "CustomResourceDefinition") options.cluster.forgetKinds();
    const ready = await this.#await(created, request.inputs, notes, request.timeoutSeconds, false, call);
    return { id: resourceId(ready), outputs: toOutputs(ready, request.inputs, notes) };
  }

  async read(request: ReadRequest, call: CallContext): Promise<ReadResult | undefined> {
    const kind = parseTypeToken(request.type);
    const { configuration, reach } = this.#options;
    if ("unreachable" in reach) {
      call.warn(reach.unreachable);
      if (configuration.deleteUnreachable) return undefined;
      if (!configuration.skipUpdateUnreachable) throw unreachable(reach.unreachable);
      return { id: request.id, inputs: request.inputs ?? {}, outputs: request.outputs ?? {} };
    }
    const live = await this.#readLive(reach.cluster, kind, request, call);
    if (live === undefined) return undefined;
    const old = fromOutputs(request.outputs ?? {});
    const isImport = request.inputs?.apiVersion === undefined;
    const known = request.inputs ?? {};
    const seen = isImport ? importedInputs(live) : pruneToInputs(live, toPlainObject(known));
    const inputs = markSecrets(toProperties(seen), known);
    const notes = {
      initialApiVersion: old.initialApiVersion || live.apiVersion,
      fieldManager: old.fieldManager || makeUpFieldManager(),
    };
    const outputs = toOutputs(live, inputs, notes);
    const id = request.id || resourceId(live);
    const asked = { cluster: reach.cluster, inputs: toPlainObject(inputs), call };
    const reasons = isImport ? [] : await unreadiness(live, asked);
    if (reasons.length > 0) {
      throw new ResourceInitError(`${live.kind} ${id} is not ready`, { id, inputs, outputs, reasons });
    }
    return { id, inputs, outputs };
  }

  async update(request: UpdateRequest, call: CallContext): Promise<PropertyMap> {
    const kind = parseTypeToken(request.type);
    if (request.preview && !(await this.#canPreview(kind, request.newInputs))) return request.newInputs;
    const inputs = asObject(toPlainObject(request.newInputs));
    const old = fromOutputs(request.oldOutputs);
    const fieldManager =
      annotationOf(inputs, "patchFieldManager") || old.fieldManager || makeUpFieldManager();
    const notes = { initialApiVersion: old.initialApiVersion, fieldManager };
    const options = this.#applyOptions(fieldManager, request.preview, call);
    const updating = updateObject(inputs, request.ignoreChanges, options);
    if (request.preview) return previewOutputs(updating, request.newInputs, notes);
    const updated = await updating;
    if (inputs.kind === "CustomResourceDefinition") options.cluster.forgetKinds();
    const ready = await this.#await(updated, request.newInputs, notes, request.timeoutSeconds, true, call);
    if (old.fieldManager !== "" && old.fieldManager !== fieldManager)
      await relinquish(ready, old.fieldManager, options);
    return toOutputs(ready, request.newInputs, notes);
  }

  async delete(request: DeleteRequest, call: CallContext): Promise<void> {
    const { configuration, reach } = this.#options;
    if ("unreachable" in reach) {
      call.warn(reach.unreachable);
      if (configuration.deleteUnreachable) return;
      throw unreachable(reach.unreachable);
    }
    const { live, inputs } = fromOutputs(request.outputs);
    const wanted = toPlainObject(inputs);
    const { namespace, name } = parseResourceId(request.id);
    const kind = live.kind === undefined ? parseTypeToken(request.type) : kindOf(asObject(live));
    try {
      await reach.cluster.delete(kind, namespace, name, deletionPolicy(wanted), call.signal);
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    if (skipsAwaitOnDelete(kind, wanted)) return;
    const kept = await waitUntilGone(asObject(live), {
      cluster: reach.cluster,
      timeoutMs: timeoutMs(wanted, request.timeoutSeconds),
      signal: call.signal,
      progress: call.progress,
    });
    if (kept !== undefined) throw new ProviderError(kept);
    if (kind.kind === "CustomResourceDefinition") reach.cluster.forgetKinds();
  }

  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    throw new ProviderError(
      `the sandbox's kubernetes provider does not serve the function ${request.token}: manifests, charts and kustomizations ` +
        "need the vendor's plugin",
    );
  }

  close(): Promise<void> {
    return this.#options.release();
  }

  #clusterIfReached(): Cluster | undefined {
    return "cluster" in this.#options.reach ? this.#options.reach.cluster : undefined;
  }

  async #earlierFieldManager(object: KubernetesObject, call: CallContext): Promise<string> {
    const cluster = this.#clusterIfReached();
    if (cluster === undefined || !this.#options.configuration.upsertExistingObjects) return "";
    return earlierFieldManager(object, cluster, call.signal);
  }

  #applyOptions(fieldManager: string, dryRun: boolean, call: CallContext): ApplyOptions {
    const { configuration, reach } = this.#options;
    if ("unreachable" in reach) throw new ProviderError(reach.unreachable);
    return {
      cluster: reach.cluster,
      fieldManager,
      enablePatchForce: configuration.enablePatchForce,
      upsertExistingObjects: configuration.upsertExistingObjects,
      dryRun,
      signal: call.signal,
      progress: call.progress,
    };
  }

  async #canPreview(kind: ObjectKind, inputs: PropertyMap): Promise<boolean> {
    const cluster = this.#clusterIfReached();
    return !hasUnknown(inputs) && cluster !== undefined && (await cluster.served(kind)) !== undefined;
  }

  /** The object once it is ready. What is made or changed but not ready is reported with its state, so that it is recorded. */
  async #await(
    object: KubernetesObject,
    inputs: PropertyMap,
    notes: { initialApiVersion: string; fieldManager: string },
    timeoutSeconds: number | undefined,
    updating: boolean,
    call: CallContext,
  ): Promise<KubernetesObject> {
    const waited = await awaitObject(object, {
      cluster: this.#clusterIfReached(),
      inputs: toPlainObject(inputs),
      timeoutSeconds,
      updating,
      call,
    });
    if (waited.reasons.length === 0) return waited.object;
    const id = resourceId(waited.object);
    throw new ResourceInitError(
      `${object.kind} ${id} was ${updating ? "changed" : "made"}, but is not ready:\n${waited.reasons.map((reason) => `  - ${reason}`).join("\n")}`,
      { id, outputs: toOutputs(waited.object, inputs, notes), reasons: waited.reasons },
    );
  }

  async #readLive(
    cluster: Cluster,
    kind: ObjectKind,
    request: ReadRequest,
    call: CallContext,
  ): Promise<KubernetesObject | undefined> {
    const { namespace, name } = parseResourceId(request.id);
    try {
      const scoped =
        namespace || ((await cluster.served(kind))?.namespaced ? this.#options.defaultNamespace : "");
      const live = await cluster.get(kind, scoped, name, call.signal);
      // What a killed run has begun to delete would only be there until somebody relies on it.
      return (await goes(live, { ...call, cluster })) ? undefined : live;
    } catch (error) {
      if (error instanceof UnservedKindError || isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function unreachable(why: string): ProviderError {
  return new ProviderError(
    `${why}. If the cluster is gone for good, set deleteUnreachable of the provider, and its objects are dropped from the state`,
  );
}
