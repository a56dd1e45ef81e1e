import type { ResourceDefinition } from "../dsl/resource.ts";
import { vpc } from "./vpc.ts";

/** Every type of resource that the stand-in serves. */
export const resourceDefinitions: readonly ResourceDefinition[] = [vpc];
