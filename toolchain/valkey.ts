import { type DebianProgram, ensureDebianProgram } from "./debian-program.ts";
import type { ObtainOptions } from "./obtain.ts";

/** Valkey itself where it is to be had, before what is compatible. */
const serverNames = ["valkey-server", "redis-server"];

/** A server that speaks Valkey's protocol: Valkey's, or that of Redis, which Valkey was made from. */
export const ensureValkey = (options: ObtainOptions = {}): Promise<DebianProgram> =>
  ensureDebianProgram(
    {
      title: "A Valkey server",
      name: "valkey",
      names: serverNames,
      remedy: `Install one: \`apt-get install ${serverNames.at(-1)}\`, or your system's package of Valkey.`,
    },
    options,
  );
