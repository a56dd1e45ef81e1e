import { type Context, keysOf } from "../../policies/context.ts";

/** A stack as its rules are set. */
export interface StackSettings {
  readonly stack: string;
  /** Its configuration, by keys such as `policies:levels`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A stack for which rules are asked where no engine tells them. */
export const contextOf = ({ stack, config }: StackSettings): Context => ({
  stack,
  read: (namespace, key) => {
    const value = config[`${namespace}:${key}`];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  },
  keys: (namespace) => keysOf(config, namespace),
});
