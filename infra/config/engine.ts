import * as pulumi from "@pulumi/pulumi";
import { everythingWrong } from "../refusals.ts";
import { configNamespace, type EnvironmentConfig, parseEnvironmentConfig } from "./index.ts";

/**
 * The configuration of the stack the engine is running.
 * @throws RunError, which Pulumi prints without a stack trace, with every fault at once, those of components too
 */
export function readEnvironmentConfig(): EnvironmentConfig {
  const environment = pulumi.getStack();
  const prefix = `${configNamespace}:`;
  const values = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), configValue(key, text)]),
  );
  const result = parseEnvironmentConfig(environment, values, { secrets: "decrypted" });
  if ("faults" in result) {
    throw new pulumi.RunError(everythingWrong(environment, values, result.faults).text);
  }
  return result.config;
}

function configValue(key: string, text: string): unknown {
  return isSecret(key) ? { secure: text } : structureOf(text);
}

/** The engine hands lists and objects over as JSON, and everything else as it is. */
function structureOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The SDK knows which keys are secret, but leaves the question out of its declarations. */
function isSecret(key: string): boolean {
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof isConfigSecret === "function" && isConfigSecret(key) === true;
}
