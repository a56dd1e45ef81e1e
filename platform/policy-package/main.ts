import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { platformHome } from "../../sandbox/home.ts";
import { buildPolicyPackage } from "./build.ts";

/** `npm run policy-package [-- <folder>]`: packs the policies for other repositories, and says where the package lies. */
const [given] = process.argv.slice(2);
const target = given === undefined ? join(platformHome().root, "policy-package") : resolve(given);
mkdirSync(target, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "policy-package-"));
try {
  await buildPolicyPackage(folder);
  const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", target], { cwd: folder });
  process.stdout.write(`${join(target, stdout.trim())}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
