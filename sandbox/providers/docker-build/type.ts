import type { CheckFailure } from "../kit/errors.ts";
import type { PropertyMap } from "../kit/values.ts";
import type { RegistryClient, RegistryPlace } from "./registry-client.ts";

/** What the types work with. */
export interface Registry {
  readonly client: RegistryClient;
  readonly place: RegistryPlace;
}

/** One resource type of docker-build. Inputs and outputs are given without wrappers of secrets. */
export interface DockerBuildType {
  readonly token: string;
  readonly inputs: readonly string[];
  readonly required: readonly string[];
  /** What the vendor's plugin fills in where it is left out. */
  fillIn(inputs: PropertyMap): PropertyMap;
  /** What is wrong with inputs, where they are known. */
  check(inputs: PropertyMap, registry: Registry): CheckFailure[];
  /** Inputs whose change takes a new resource. */
  readonly replaces: readonly string[];
  /** Outputs that no input sets. The preview of a new resource knows none of them. */
  readonly outputs: readonly string[];
  /** Those outputs as the preview of a change shows them. */
  plan(inputs: PropertyMap): PropertyMap;
  /** Makes it, or makes it anew. */
  apply(name: string, inputs: PropertyMap, registry: Registry): Promise<{ id: string; outputs: PropertyMap }>;
  /** The outputs as they are now; undefined when it is gone. */
  read(outputs: PropertyMap, registry: Registry): Promise<PropertyMap | undefined>;
  delete(outputs: PropertyMap, registry: Registry): Promise<void>;
}

/** A text among properties, if it is one and known. */
export const textOf = (value: PropertyMap[string] | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

/** The known texts of a list. */
export const textsOf = (value: PropertyMap[string] | undefined): string[] =>
  Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : [];
