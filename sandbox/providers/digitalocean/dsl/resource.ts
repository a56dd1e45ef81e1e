import type { CheckFailure, PlainValue, PropertyMap } from "../../kit/index.ts";
import type { Api } from "../api/client.ts";
import type { Spaces } from "../api/spaces.ts";
import type { Fields } from "./fields.ts";
import type { PlainMap } from "./wire.ts";

/** What an operation on a resource works with. */
export interface Operation {
  readonly api: Api;
  readonly spaces: Spaces;
  readonly signal: AbortSignal;
  /** The longest to wait for the resource to become ready, or to go. */
  readonly timeoutMs: number;
  /** Tells whoever watches what is being waited for. */
  readonly progress: (message: string) => void;
}

/** A resource as the API knows it. */
export interface Found {
  readonly id: string;
  /** In the API's words; fields are read from it by their wire names. */
  readonly document: PlainMap;
}

/**
 * How a type of resource is made, read, changed and deleted. Inputs are plain and complete with defaults. Every step may
 * be carried out again after it failed half-way.
 */
export interface Operations {
  /** Makes it, exactly once, and returns as soon as it has an id: what it takes until it is ready belongs in `settle`. */
  create(inputs: PlainMap, operation: Operation): Promise<Found>;
  /** Second steps and waiting, after `create`. Default: nothing; the document of `create` counts. */
  settle?(found: Found, inputs: PlainMap, operation: Operation): Promise<PlainMap>;
  /** Undefined when it is gone. `known` is what the state says of it: inputs and outputs. */
  read(id: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined>;
  /**
   * Makes it what the inputs say, and gives the document where a read would not tell it. Absent when every change is a
   * replacement.
   */
  update?(id: string, inputs: PlainMap, known: PlainMap, operation: Operation): Promise<PlainMap | undefined>;
  /** Deletes it and waits until it is gone. What is gone already is deleted. */
  delete(id: string, known: PlainMap, operation: Operation): Promise<void>;
  /** What an import's id says, where it says more than the resource's own id. Default: the id itself. */
  importing?(id: string): { readonly id: string; readonly known: PlainMap };
}

/**
 * What a change from one known value to another means, where the values decide: a new resource, a refusal with its
 * reason and remedy, or (undefined) what the field says.
 */
export type Transition = (
  before: PlainValue,
  after: PlainValue,
) => "replaces" | { refused: string } | undefined;

/** One type of resource: its properties as the vendor's schema has them, and what it does. */
export interface ResourceDefinition {
  /** `digitalocean:index/vpc:Vpc`. */
  readonly token: string;
  /** What messages call it: `a VPC`. */
  readonly noun: string;
  readonly inputs: Fields;
  /** The outputs that are no inputs: every input is an output too. */
  readonly outputs: Fields;
  /** Rules between properties. Values may be unknown. Default: none. */
  readonly rules?: (inputs: PropertyMap) => CheckFailure[];
  /** Changes of top-level properties whose values decide what they mean. Default: none. */
  readonly transitions?: Readonly<Record<string, Transition>>;
  /** Whether two of them cannot be there at once, even under different names. Default: false. */
  readonly single?: boolean;
  /** The longest to wait for it, when the program does not say. Default: 10 minutes. */
  readonly timeoutMs?: number;
  /**
   * Which shape of its state the vendor's plugin writes. A state that does not say is taken for the first, and is
   * converted by whoever knows a later one. Default: 0, the first.
   */
  readonly schemaVersion?: number;
  readonly operations: Operations;
}

/** A data source: a question to the API. */
export interface FunctionDefinition {
  /** `digitalocean:index/getRegions:getRegions`. */
  readonly token: string;
  readonly noun: string;
  readonly inputs: Fields;
  /** The outputs that are no inputs. */
  readonly outputs: Fields;
  /** The answer, in the API's words. */
  answer(inputs: PlainMap, operation: Operation): Promise<PlainMap>;
}

/** The token of a resource of the package's only module. */
export const resourceToken = (name: string): string =>
  `digitalocean:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

/** The token of a function of the package's only module. */
export const functionToken = (name: string): string => `digitalocean:index/${name}:${name}`;
