"use strict";
/**
 * Runs a policy pack for the engine, as `pulumi-analyzer-policy-nodejs <engine's address> <pack>`: the pack serves the
 * engine by itself, and says on standard output where. The SDK's own runner registers a TypeScript compiler and a
 * debugger session besides. A pack says in its `package.json` which TypeScript it is made from (`source`); one that does
 * not is run as any other host would, from its `main`.
 */
require("./deferred-packages.cjs");
const { join, resolve } = require("node:path");

const parent = process.ppid;
// The engine ends its hosts when it can; a killed engine cannot.
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();

const [, , , pack = "."] = process.argv;
const { source } = require(join(resolve(pack), "package.json"));
if (source === undefined) require(resolve(pack));
else void import("../../toolchain/bundle.js").then((bundle) => bundle.importProgram(resolve(pack, source)));
