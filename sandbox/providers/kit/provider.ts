import type { CheckFailure } from "./errors.ts";
import type { PropertyPath } from "./path.ts";
import type { PropertyMap } from "./values.ts";

/** What every call knows of itself. */
export interface CallContext {
  /** The resource's URN; empty for functions. */
  readonly urn: string;
  /** Aborts when the engine cancels (Ctrl-C), or when its connection is gone: stop waiting, say what is known. */
  readonly signal: AbortSignal;
  /** A line for whoever watches: what is being waited for. It replaces the last one, and nobody answers it. */
  readonly progress: (message: string) => void;
  /** A warning of this resource, which stays on the screen. */
  readonly warn: (message: string) => void;
}

/** Which resource a call is about. */
export interface ResourceIdentity {
  readonly urn: string;
  /** The type's token, `digitalocean:index/vpc:Vpc`. */
  readonly type: string;
  /** The logical name in the program. */
  readonly name: string;
}

/** A request to validate inputs and to fill in their defaults. */
export interface CheckRequest extends ResourceIdentity {
  /** The inputs of the last run, as this provider's own check left them; undefined for a new resource. */
  readonly oldInputs: PropertyMap | undefined;
  readonly inputs: PropertyMap;
  /** Seeds names that are made up, the same in a preview and in the update that follows. May be empty. */
  readonly randomSeed: Uint8Array;
  /** The name that the project's settings propose or enforce; undefined when they leave it to the provider. */
  readonly autonaming: Autonaming | undefined;
}

/** What the project's `pulumi:autonaming` setting says. */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

/** The inputs with their defaults, and all that is wrong with them. */
export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

/** A request to compare what is with what is wanted. */
export interface DiffRequest extends ResourceIdentity {
  readonly id: string;
  readonly oldInputs: PropertyMap;
  readonly oldOutputs: PropertyMap;
  readonly newInputs: PropertyMap;
  /** Property paths that the program tells the engine to ignore; it has already put the old values in their place. */
  readonly ignoreChanges: readonly string[];
}

/** What happens to a property: it appears, goes or changes. */
export type ChangeKind = "add" | "delete" | "update";

/** What a change of inputs means. Make it with `toDiffResult`. */
export interface DiffResult {
  readonly changed: boolean;
  /** Every property that differs, and whether that takes a new resource. */
  readonly properties: readonly {
    readonly path: PropertyPath;
    readonly kind: ChangeKind;
    readonly replace: boolean;
  }[];
  readonly deleteBeforeReplace: boolean;
  readonly stables: readonly string[];
}

/** A request to make a resource. In a preview nothing is made: say which outputs would be known. */
export interface CreateRequest extends ResourceIdentity {
  readonly inputs: PropertyMap;
  readonly preview: boolean;
  /** From the program's `customTimeouts`; undefined leaves it to the provider. */
  readonly timeoutSeconds: number | undefined;
}

/** A resource that was made. Every output of its schema belongs here: a missing one is a phantom update later. */
export interface CreateResult {
  /** Empty in a preview. */
  readonly id: string;
  readonly outputs: PropertyMap;
}

/** A request to read a resource: to refresh it (inputs and outputs of the last run given) or to import it (neither). */
export interface ReadRequest extends ResourceIdentity {
  readonly id: string;
  readonly inputs: PropertyMap | undefined;
  readonly outputs: PropertyMap | undefined;
}

/** A resource as it is now. */
export interface ReadResult {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/** A request to change a resource in place. */
export interface UpdateRequest extends DiffRequest {
  readonly preview: boolean;
  readonly timeoutSeconds: number | undefined;
}

/** A request to delete a resource. One that is gone already is deleted. */
export interface DeleteRequest extends ResourceIdentity {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly timeoutSeconds: number | undefined;
}

/** A call of a function of the provider: a data source. */
export interface InvokeRequest {
  readonly token: string;
  readonly args: PropertyMap;
  readonly preview: boolean;
}

/** What a function gives back, or what is wrong with its arguments. */
export interface InvokeResult {
  readonly result?: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

/** A configured provider, as one engine sees it on one connection. Methods may throw `ProviderError`. */
export interface ProviderSession {
  check(request: CheckRequest, call: CallContext): Promise<CheckResult>;
  diff(request: DiffRequest, call: CallContext): Promise<DiffResult>;
  create(request: CreateRequest, call: CallContext): Promise<CreateResult>;
  /** Undefined when there is no such resource (any more). */
  read(request: ReadRequest, call: CallContext): Promise<ReadResult | undefined>;
  /** The outputs after the change. */
  update(request: UpdateRequest, call: CallContext): Promise<PropertyMap>;
  delete(request: DeleteRequest, call: CallContext): Promise<void>;
  invoke(request: InvokeRequest, call: CallContext): Promise<InvokeResult>;
  /** Called once when the engine's connection ends: let go of agents and watches. */
  close?(): void | Promise<void>;
}

/** A provider plugin: what `serveProvider` serves. */
export interface Provider {
  /** The package's name, `digitalocean`. */
  readonly name: string;
  /** The version of the vendor's plugin it stands for. */
  readonly version: string;
  /** The package's schema (only names and version are needed to deploy). */
  schema(): PropertyMap;
  /** Validates the provider's own configuration. Values of another type than string arrive as JSON text. */
  checkConfig(request: CheckRequest, call: CallContext): Promise<CheckResult>;
  /** Compares two configurations. A replaced provider replaces everything it made. */
  diffConfig(request: DiffRequest, call: CallContext): Promise<DiffResult>;
  /** Begins a session for one connection, with that connection's own configuration. */
  configure(config: PropertyMap, call: CallContext): Promise<ProviderSession>;
}
