import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { bundle } from "./openapi-bundle.ts";

/**
 * `npm run reference-data -- FOLDER`: gets DigitalOcean's description of its API from where it is published, as one
 * file, for the contract tests: `REFERENCE_DATA=FOLDER npm test`. The commit is its own checksum: git takes nothing
 * else for it.
 */
const repository = "https://github.com/digitalocean/openapi.git";
const commit = "7c1300c479fed9c353cda9fc21cd968619552304"; // 7 August 2026
const entry = "specification/DigitalOcean-public.v2.yaml";

const target = process.argv[2];
if (target === undefined) {
  process.stderr.write("Say where to: npm run reference-data -- FOLDER\n");
  process.exit(2);
}
const file = join(resolve(target), "digitalocean-openapi.yaml");
if (existsSync(file)) {
  process.stderr.write(`${file} is there already.\n`);
} else {
  const checkout = mkdtempSync(join(tmpdir(), "reference-data-"));
  try {
    const git = (...args: string[]) => execa("git", args, { cwd: checkout, timeout: 300_000 });
    await git("init", "--quiet");
    await git("fetch", "--quiet", "--depth", "1", repository, commit);
    await git("checkout", "--quiet", commit);
    const description = bundle(join(checkout, entry), (path) => parse(readFileSync(path, "utf8")));
    mkdirSync(resolve(target), { recursive: true });
    // JSON is YAML, and read faster.
    writeFileSync(file, JSON.stringify(description, undefined, 1));
    process.stderr.write(`${file} is DigitalOcean's description of its API at ${commit}.\n`);
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}
