import type { FunctionDefinition } from "../dsl/resource.ts";

/** Every function that the stand-in serves. */
export const functionDefinitions: readonly FunctionDefinition[] = [];
