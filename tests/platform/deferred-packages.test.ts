import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const deferral = fileURLToPath(new URL("../../platform/engine/deferred-packages.cjs", import.meta.url));

/** Runs in a process of its own, whose modules are all to be loaded yet. */
const program = `
require(${JSON.stringify(deferral)});
const { types } = require("node:util");
const pulumi = require("@pulumi/pulumi");
const isDeferred = (name) => types.isProxy(require.cache[require.resolve(name)].exports);
const told = { sdk: isDeferred("typescript") && isDeferred("@npmcli/arborist") };
pulumi.runtime.serializeFunction(() => 6 * 7).then(({ text }) => {
  told.compilerAfterUse = isDeferred("typescript");
  told.serialized = text.includes("6 * 7");
  told.resolver = typeof require("@npmcli/arborist").Arborist;
  console.log(JSON.stringify(told));
});
`;

it("the SDK comes up without the compiler and the resolver, and has both as soon as it asks", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", program], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  expect(JSON.parse(stdout)).toEqual({
    sdk: true,
    compilerAfterUse: false,
    serialized: true,
    resolver: "function",
  });
});
