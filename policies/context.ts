import { Config, getStack } from "@pulumi/pulumi";

/** For which stack the rules are asked. */
export interface Context {
  /** Name of the stack, e.g. `production`. */
  readonly stack: string;
  /** A value of its configuration, e.g. of `policies` and `levels`; what is no text as JSON. */
  read(namespace: string, key: string): string | undefined;
}

let shown = "";

/**
 * Takes note of the stack that a resource is of. `pulumi policy analyze` tells a pack no stack otherwise, and no configuration
 * at all.
 */
export function noteStack(urn: string): void {
  shown = urn.split(":")[2] ?? "";
}

/** As the engine tells it, in whose policy host the pack runs. */
const engines: Context = {
  get stack() {
    return getStack() || shown;
  },
  read: (namespace, key) => new Config(namespace).get(key),
};

let current = engines;

/** The stack that is judged now. */
export const context = (): Context => current;

/** Asks the rules for another stack than the engine's, one after the other. */
export async function inContext<T>(other: Context, work: () => Promise<T>): Promise<T> {
  const before = current;
  current = other;
  try {
    return await work();
  } finally {
    current = before;
  }
}
