import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Writes the program with which the engine runs a TypeScript policy pack when the vendor's Node language host is not on
 * this machine: it looks for `pulumi-analyzer-policy-nodejs` on the PATH, and starts it in the pack's folder.
 * Beside a vendor's language host it is never asked.
 *
 * @param folder An existing folder to put it into; to be added to the engine's PATH.
 */
export function writePolicyHost(folder: string): void {
  const host = fileURLToPath(new URL("./policy-host.cjs", import.meta.url));
  const program = [
    `#!${process.execPath}`,
    "// Written by the platform command for every run.",
    `require(${JSON.stringify(host)});`,
    "",
  ].join("\n");
  // The default home is inside this package, whose files are ES modules; the host's is not.
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n', { mode: 0o600 });
  writeFileSync(join(folder, "pulumi-analyzer-policy-nodejs"), program, { mode: 0o700 });
}
