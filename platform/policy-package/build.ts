import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import checkoutPackage from "../../package.json" with { type: "json" };
import { checkout } from "../../sandbox/home.ts";

/** What the package is called where it is installed. */
export const packageName = "whisper-platform-policies";

const options = {
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  keepNames: true,
  legalComments: "none",
  metafile: true,
} satisfies BuildOptions;

/**
 * Writes the policy pack as a package that any repository can install: JavaScript for the engine and for `whisper-policies`,
 * and what both import, in the versions of this checkout.
 *
 * @param folder Is made; should be empty.
 */
export async function buildPolicyPackage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [pack, command] = await Promise.all([
    // The engine's policy host loads a pack by `require`.
    build({
      ...options,
      entryPoints: [join(checkout, "policies/pack.ts")],
      outfile: join(folder, "index.cjs"),
      format: "cjs",
    }),
    build({
      ...options,
      entryPoints: [join(checkout, "platform/policy-package/cli.ts")],
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      format: "esm",
      splitting: true,
    }),
  ]);
  const imports = [pack, command].flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap((output) => output.imports),
  );
  const written = { name: packageName, version: checkoutPackage.version, ...manifest };
  const dependencies = versionsOf(imports.filter(({ external }) => external).map(({ path }) => path));
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ ...written, dependencies }, undefined, 2)}\n`,
  );
  for (const [from, to] of [
    ["policies/PulumiPolicy.yaml", "PulumiPolicy.yaml"],
    ["platform/policy-package/README.md", "README.md"],
    ["docs/policies.md", "policies.md"],
  ] as const)
    copyFileSync(join(checkout, from), join(folder, to));
}

const manifest = {
  description: "CrossGuard rules for DigitalOcean and Kubernetes: security, recovery, reliability",
  license: checkoutPackage.license,
  main: "index.cjs",
  bin: { "whisper-policies": "cli.mjs" },
  engines: checkoutPackage.engines,
};

/** The packages of these imports, in the versions of this checkout. */
function versionsOf(imports: readonly string[]): Record<string, string> {
  const known = new Map(Object.entries(checkoutPackage.dependencies));
  const packages = imports
    .filter((path) => !isBuiltin(path))
    .map((path) => path.split("/", path.startsWith("@") ? 2 : 1).join("/"));
  return Object.fromEntries(
    [...new Set(packages)].sort().map((name) => {
      const version = known.get(name);
      if (version === undefined) throw new Error(`${name} is no dependency of this checkout`);
      return [name, version];
    }),
  );
}
