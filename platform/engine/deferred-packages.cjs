"use strict";
/**
 * To be loaded before Pulumi's SDK, which requires two large packages at its start, npm's dependency resolver and the
 * TypeScript compiler, for one thing alone: the serialisation of functions, which nothing here does. Both are put among
 * the loaded modules unloaded, and load when something of them is asked for. It saves every command, and every policy
 * host, more than half of the SDK's 0.7 s of processor time.
 *
 * Plain CommonJS: the policy host is a script of its own, and loads it by `require`.
 */
const { createRequire, Module } = require("node:module");

const requireAsSdk = createRequire(require.resolve("@pulumi/pulumi"));

for (const name of ["@npmcli/arborist", "typescript"]) defer(name);

/** @param {string} name */
function defer(name) {
  const file = resolved(name);
  if (file === undefined || require.cache[file] !== undefined) return;
  const placeholder = new Module(file);
  placeholder.loaded = true;
  placeholder.exports = new Proxy(
    {},
    {
      get(_, property) {
        // Asked by compiled code as soon as it has required something: "yes" has it take the module as it is.
        if (property === "__esModule") return true;
        if (require.cache[file] === placeholder) delete require.cache[file];
        return requireAsSdk(file)[property];
      },
    },
  );
  require.cache[file] = placeholder;
}

/** Where the SDK would find a package; undefined when it has to do without, as with TypeScript after `npm ci --omit=dev`. */
function resolved(/** @type {string} */ name) {
  try {
    return requireAsSdk.resolve(name);
  } catch {
    return undefined;
  }
}
