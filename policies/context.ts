import { Config, getStack, runtime } from "@pulumi/pulumi";

/** For which stack the rules are asked. */
export interface Context {
  /** Name of the stack, e.g. `production`. */
  readonly stack: string;
  /** A value of its configuration, e.g. of `policies` and `levels`; what is no text as JSON. */
  read(namespace: string, key: string): string | undefined;
  /** The keys of a namespace that the configuration has, without it. */
  keys(namespace: string): readonly string[];
}

/** Of a configuration's keys those of one namespace, without it. */
export const keysOf = (config: object, namespace: string): string[] =>
  Object.keys(config).flatMap((key) =>
    key.startsWith(`${namespace}:`) ? [key.slice(namespace.length + 1)] : [],
  );

let shown = "";
let turn = 0;

/**
 * Begins with another resource: takes note of its stack, which `pulumi policy analyze` tells no pack otherwise; and the
 * configuration may say something else, since the engine tells it only after the pack was loaded.
 */
export function beginResource(urn: string): void {
  shown = urn.split(":")[2] ?? "";
  turn += 1;
}

/** Another number whenever {@link context} may say something else than before. */
export const contextTurn = (): number => turn;

/** As the engine tells it, in whose policy host the pack runs. */
const engines: Context = {
  get stack() {
    return getStack() || shown;
  },
  read: (namespace, key) => new Config(namespace).get(key),
  keys: (namespace) => keysOf(runtime.allConfig(), namespace),
};

let current = engines;

/** The stack that is judged now. */
export const context = (): Context => current;

/** Asks the rules for another stack than the engine's, one after the other. */
export async function inContext<T>(other: Context, work: () => Promise<T>): Promise<T> {
  const before = current;
  current = other;
  turn += 1;
  try {
    return await work();
  } finally {
    current = before;
    turn += 1;
  }
}
