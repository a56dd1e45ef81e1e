import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { exampleOfSecret } from "../../infra/config/index.ts";
import type { AskedResource } from "../../infra/cost.ts";
import type { EnvironmentFile } from "../environment/settings.ts";
import { leanSdk } from "./lean-sdk.ts";

/**
 * What the program asks of the cloud for an environment, found without engine, state, cloud or credentials: the program
 * runs as in a first preview, and what it declares is written down instead of planned. Secrets of the
 * configuration are not decrypted; examples stand in for them. A process can do this once, and nothing else with
 * Pulumi afterwards.
 */
export async function declaredResources(
  program: PulumiFn,
  project: string,
  { environment, content }: EnvironmentFile,
): Promise<AskedResource[]> {
  leanSdk();
  const declared: AskedResource[] = [];
  const components = new Map<string, string>();
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }) => {
      const component = components.get(keyOf(type, name));
      declared.push({ type, name, ...(component === undefined ? {} : { component }), inputs });
      return { id: undefined, state: inputs };
    },
    call: ({ inputs }) => inputs,
  };
  await pulumi.runtime.setMocks(mocks, project, environment, true);
  pulumi.runtime.setAllConfig(...engineConfig(project, content.config));
  const names = new Map<pulumi.Resource, string>();
  let failure: unknown;
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ resource, type, name, opts: { parent } }) => {
      names.set(resource, name);
      const component = parent && names.get(parent);
      if (component !== undefined) components.set(keyOf(type, name), component);
      return undefined;
    });
    // Thrown in here, it would leave rejections that nobody can catch.
    await program().catch((error: unknown) => {
      failure = error;
    });
  });
  await pulumi.runtime.disconnect();
  if (failure !== undefined) throw failure;
  return declared;
}

const keyOf = (type: string, name: string): string => `${type}::${name}`;

/** The configuration as the engine hands it over: keys with their namespace, values as text, and which are secret. */
function engineConfig(
  project: string,
  config: Readonly<Record<string, unknown>>,
): [texts: Record<string, string>, secretKeys: string[]] {
  const texts: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    const fullKey = key.includes(":") ? key : `${project}:${key}`;
    if (typeof value === "object" && value !== null && "secure" in value) {
      secretKeys.push(fullKey);
      texts[fullKey] = exampleOfSecret(fullKey.slice(project.length + 1)) ?? "";
    } else texts[fullKey] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return [texts, secretKeys];
}
