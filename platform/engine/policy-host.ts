import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Writes the program with which the engine runs a TypeScript policy pack when the vendor's Node language host is not on
 * this machine: it looks for `pulumi-analyzer-policy-nodejs` on the PATH, and starts it in the pack's folder.
 * Beside a vendor's language host it is never asked.
 *
 * @param folder An existing folder to put it into; to be added to the engine's PATH.
 */
export function writePolicyHost(folder: string): void {
  const runPack = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
  const program = [
    `#!${process.execPath}`,
    "// Written by the platform command for every run.",
    "const parent = process.ppid;",
    "// The engine ends its hosts when it can; a killed engine cannot.",
    "setInterval(() => { if (process.ppid !== parent) process.exit(1); }, 500).unref();",
    `require(${JSON.stringify(runPack)});`,
    "",
  ].join("\n");
  // The default home is inside this package, whose files are ES modules; the host's is not.
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n', { mode: 0o600 });
  writeFileSync(join(folder, "pulumi-analyzer-policy-nodejs"), program, { mode: 0o700 });
}
