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
  PropertyMap,
  ProviderSession,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../kit/index.ts";
import {
  hasUnknown,
  isUnder,
  ProviderError,
  parseIgnorePath,
  ResourceInitError,
  toDiffResult,
  UNKNOWN,
  unwrap,
  withoutSecrets,
} from "../kit/index.ts";
import type { Api } from "./api/client.ts";
import type { Spaces } from "./api/spaces.ts";
import { isAutonamed, withAutoname } from "./dsl/autoname.ts";
import { checkInputs } from "./dsl/check.ts";
import { compareInputs, judgeTransitions, replacesAt } from "./dsl/compare.ts";
import { DEFAULTS_KEY, filledInBefore, withDefaults } from "./dsl/defaults.ts";
import type { Fields } from "./dsl/fields.ts";
import { previewOutputs, previewUpdate } from "./dsl/preview.ts";
import type { Found, FunctionDefinition, Operation, ResourceDefinition } from "./dsl/resource.ts";
import { inputsOf, type Moment, outputsOf, type PlainMap, revealInputs } from "./dsl/wire.ts";
import { Offers } from "./offers.ts";
import { functionOf, resourceOf } from "./registry.ts";

const DEFAULT_TIMEOUT_MS = 10 * 60 * 1000;

/** One engine's view of an account: carries out what the definitions of the resource types say. */
export class Session implements ProviderSession {
  readonly #api: Api;
  readonly #spaces: Spaces;
  readonly #offers: Offers;

  constructor(api: Api, spaces: Spaces) {
    this.#api = api;
    this.#spaces = spaces;
    this.#offers = new Offers(api);
  }

  async check(request: CheckRequest, call: CallContext): Promise<CheckResult> {
    const definition = resourceOf(request.type);
    const named = withAutoname(definition.inputs, request);
    const checked = checkInputs(definition.noun, definition.inputs, named, request.oldInputs);
    const meant = withDefaults(definition.inputs, checked.inputs);
    const offered = await this.#offers.judge(checked.offered, call.signal);
    return {
      inputs: named === request.inputs ? checked.inputs : withNameAmongDefaults(checked.inputs),
      failures: [...checked.failures, ...(definition.rules?.(meant) ?? []), ...offered],
    };
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const definition = resourceOf(request.type);
    const { inputs: fields } = definition;
    const { olds, news } = meanings(fields, request);
    const { replacing, refusals } = judgeTransitions(definition, olds, news);
    if (refusals.length > 0) throw new ProviderError(refusals.join("\n"));
    // In an update the engine has seen to it already; when it refreshes, it leaves it to the plugin.
    const ignored = request.ignoreChanges.map(parseIgnorePath);
    const changes = compareInputs(fields, olds, news).filter(
      ({ path }) => !ignored.some((ancestor) => isUnder(path, ancestor)),
    );
    return toDiffResult(changes, {
      replaces: (path) => replacesAt(fields, path) || replacing.has(String(path[0])),
      deleteBeforeReplace: definition.single === true || keepsName(request),
    });
  }

  async create(request: CreateRequest, call: CallContext): Promise<CreateResult> {
    const definition = resourceOf(request.type);
    const inputs = withDefaults(definition.inputs, request.inputs);
    if (request.preview) {
      return { id: "", outputs: previewOutputs(definition.inputs, definition.outputs, inputs) };
    }
    const plain = revealInputs(inputs);
    const operation = this.#operation(definition, call, request.timeoutSeconds);
    const found = await definition.operations.create(plain, operation);
    const outputs = (document: PlainMap) =>
      stateOf(definition, { id: found.id, document }, inputs, "written");
    if (definition.operations.settle === undefined) return { id: found.id, outputs: outputs(found.document) };
    try {
      return { id: found.id, outputs: outputs(await definition.operations.settle(found, plain, operation)) };
    } catch (error) {
      throw unfinished(definition, found.id, request.inputs, outputs(found.document), error);
    }
  }

  async read(request: ReadRequest, call: CallContext): Promise<ReadResult | undefined> {
    const definition = resourceOf(request.type);
    const { operations } = definition;
    const imported = request.outputs === undefined ? operations.importing?.(request.id) : undefined;
    const id = imported?.id ?? request.id;
    const known = imported?.known ?? knownOf(request.inputs, request.outputs);
    const document = await operations.read(id, known, this.#operation(definition, call, undefined));
    if (document === undefined) return undefined;
    const said = request.inputs && withDefaults(definition.inputs, request.inputs, request.outputs);
    const outputs = {
      ...stateOf(definition, { id, document }, said ?? imported?.known ?? {}, "read"),
      ...metaOf(definition, request.outputs),
    };
    return { id, outputs, inputs: inputsOf(definition.inputs, outputs, request.inputs) };
  }

  async update(request: UpdateRequest, call: CallContext): Promise<PropertyMap> {
    const definition = resourceOf(request.type);
    const { operations, inputs: fields } = definition;
    const { id, oldInputs, oldOutputs, newInputs } = request;
    const { olds, news } = meanings(fields, request);
    if (request.preview) {
      const changed = compareInputs(fields, olds, news).map(({ path }) => String(path[0]));
      return previewUpdate(fields, oldOutputs, news, new Set(changed));
    }
    const known = knownOf(oldInputs, oldOutputs);
    const operation = this.#operation(definition, call, request.timeoutSeconds);
    const changed = await operations.update?.(id, revealInputs(news), known, operation);
    const document = changed ?? (await operations.read(id, known, operation));
    if (document === undefined) {
      throw unfinished(
        definition,
        id,
        newInputs,
        oldOutputs,
        new Error("it is gone: run a refresh, then try again"),
      );
    }
    return { ...stateOf(definition, { id, document }, news, "written"), ...metaOf(definition, oldOutputs) };
  }

  async delete(request: DeleteRequest, call: CallContext): Promise<void> {
    const definition = resourceOf(request.type);
    const operation = this.#operation(definition, call, request.timeoutSeconds);
    await definition.operations.delete(request.id, knownOf(request.inputs, request.outputs), operation);
  }

  async invoke(request: InvokeRequest, call: CallContext): Promise<InvokeResult> {
    const definition = functionOf(request.token);
    const checked = checkInputs(definition.noun, definition.inputs, request.args);
    if (checked.failures.length > 0) return { failures: checked.failures };
    if (hasUnknown(checked.inputs)) return { result: unknownAnswer(definition) };
    const inputs = withDefaults(definition.inputs, checked.inputs);
    const document = await definition.answer(
      revealInputs(inputs),
      this.#operationFor(call, DEFAULT_TIMEOUT_MS),
    );
    return { result: outputsOf(definition.inputs, definition.outputs, document, inputs, "read") };
  }

  async close(): Promise<void> {
    this.#spaces.close();
    await this.#api.close();
  }

  #operation(
    definition: ResourceDefinition,
    call: CallContext,
    timeoutSeconds: number | undefined,
  ): Operation {
    const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
    return this.#operationFor(call, timeoutMs ?? definition.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  }

  #operationFor(call: CallContext, timeoutMs: number): Operation {
    return { api: this.#api, spaces: this.#spaces, signal: call.signal, progress: call.progress, timeoutMs };
  }
}

/** A resource's outputs: its id is one of them, and so is what is said of the state itself, as the vendor's bridge has it. */
function stateOf(
  definition: ResourceDefinition,
  { id, document }: Found,
  inputs: PropertyMap,
  moment: Moment,
): PropertyMap {
  const outputs = outputsOf(definition.inputs, definition.outputs, document, inputs, moment);
  return { ...metaOf(definition, undefined), id, ...outputs };
}

/** The output in which the vendor's bridge keeps what it must know of a state: which shape it has, for one. */
const META_KEY = "__meta";

/** What is said of the state: as it was said before, so that nothing of the vendor's is lost, else the shape alone. */
function metaOf({ schemaVersion }: ResourceDefinition, before: PropertyMap | undefined): PropertyMap {
  const meta = before?.[META_KEY];
  if (meta !== undefined) return { [META_KEY]: meta };
  return schemaVersion === undefined
    ? {}
    : { [META_KEY]: JSON.stringify({ schema_version: String(schemaVersion) }) };
}

/** What the state says of a resource, for finding it: its inputs, and above them its outputs. */
function knownOf(inputs: PropertyMap | undefined, outputs: PropertyMap | undefined): PlainMap {
  return revealInputs({ ...inputs, ...outputs });
}

/** What the inputs of then and of now mean, where they leave out a property too. */
function meanings(fields: Fields, { oldInputs, oldOutputs, newInputs }: DiffRequest) {
  return { olds: withDefaults(fields, oldInputs, oldOutputs), news: withDefaults(fields, newInputs) };
}

function withNameAmongDefaults(inputs: PropertyMap): PropertyMap {
  return { ...inputs, [DEFAULTS_KEY]: [...filledInBefore(inputs), "name"].sort() };
}

/** Whether old and new would have the same cloud name at once: then the old one goes first. */
function keepsName({ oldInputs, newInputs }: DiffRequest): boolean {
  const before = unwrap(oldInputs.name);
  return typeof before === "string" && before === unwrap(newInputs.name) && !isAutonamed(newInputs);
}

function unfinished(
  definition: ResourceDefinition,
  id: string,
  inputs: PropertyMap,
  outputs: PropertyMap,
  cause: unknown,
): ResourceInitError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const stopped = cause instanceof Error && cause.name === "AbortError";
  const reason = stopped
    ? `${definition.noun} (${id}) exists, but nobody waited until it was ready: the next run goes on with it`
    : `${definition.noun} (${id}) exists, but is not ready: ${detail}`;
  return new ResourceInitError(reason, { id, inputs, outputs, reasons: [reason] }, { cause });
}

function unknownAnswer(definition: FunctionDefinition): PropertyMap {
  return Object.fromEntries(
    Object.keys({ ...definition.inputs, ...definition.outputs }).map((name) => [
      name,
      withoutSecrets(UNKNOWN),
    ]),
  );
}
