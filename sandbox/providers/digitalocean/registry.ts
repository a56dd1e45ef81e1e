import { ProviderError } from "../kit/index.ts";
import type { FunctionDefinition, ResourceDefinition } from "./dsl/resource.ts";
import { didYouMean } from "./dsl/rules.ts";
import { functionDefinitions } from "./functions/index.ts";
import { resourceDefinitions } from "./resources/index.ts";

const resources = new Map(resourceDefinitions.map((definition) => [definition.token, definition]));
const functions = new Map(functionDefinitions.map((definition) => [definition.token, definition]));

/** The definition of a resource type. Throws when the stand-in does not serve it. */
export function resourceOf(token: string): ResourceDefinition {
  return resources.get(token) ?? unsupported("resource type", token, resources.keys(), "resources");
}

/** The definition of a function. Throws when the stand-in does not serve it. */
export function functionOf(token: string): FunctionDefinition {
  return functions.get(token) ?? unsupported("function", token, functions.keys(), "functions");
}

function unsupported(kind: string, token: string, served: Iterable<string>, folder: string): never {
  const names = [...served].map((known) => known.split(":").at(-1) ?? known);
  const name = token.split(":").at(-1) ?? token;
  throw new ProviderError(
    `the sandbox's stand-in for the digitalocean provider does not serve the ${kind} ${token}${didYouMean(name, names)}. ` +
      "Deploy it with the vendor's plugin (PLATFORM_PLUGINS=vendor), or add it to the stand-in under " +
      `sandbox/providers/digitalocean/${folder}/. Served are: ${names.sort().join(", ")}`,
  );
}
