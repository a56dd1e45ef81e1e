"use strict";
/**
 * Runs a policy pack for the engine, as `pulumi-analyzer-policy-nodejs <engine's address> <pack>`: the pack serves the
 * engine by itself, and says on standard output where. The SDK's own runner registers a TypeScript compiler and a
 * debugger session besides; packs here bring their own loader, and serialise nothing.
 */
require("./deferred-packages.cjs");
const { resolve } = require("node:path");

const parent = process.ppid;
// The engine ends its hosts when it can; a killed engine cannot.
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();

const [, , , pack = "."] = process.argv;
require(resolve(pack));
