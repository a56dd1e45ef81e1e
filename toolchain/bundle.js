// Plain JavaScript: this is what comes before TypeScript can be run.
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * What is kept of the newest bundle of a program, beside it.
 *
 * @typedef {object} BundleRecord
 * @property {string} entry The program's first file.
 * @property {string} bundle What to import in its place.
 * @property {Record<string, string>} inputs Every file that went in, and when it was last written, as {@link versionOf}
 *   says it.
 */

const recordName = "newest.json";

/** For how long a bundle stays when there is a newer one: a process that runs from it may load more of it. */
const keptMs = 3 * 24 * 60 * 60 * 1000;

/**
 * Imports a program that is written in TypeScript, as a few files of JavaScript, which esbuild makes when the program
 * runs for the first time and when one of its files has changed. A loader that reads file by file costs every command
 * more than a second of processor time. Packages stay where they are, so that each is loaded once a process.
 *
 * A bundle lies in `node_modules/.cache/` beside the program, where its imports find their packages. Where that cannot
 * be written, the program is loaded file by file.
 *
 * @param {string} entry Absolute path of the program's first file.
 * @returns {Promise<unknown>} What that file exports.
 * @throws What esbuild found wrong, in all files at once, or what the program itself throws.
 */
export async function importProgram(entry) {
  process.setSourceMapsEnabled(true);
  const bundle = await bundled(entry);
  if (bundle !== undefined) return import(pathToFileURL(bundle).href);
  const { register } = await import("tsx/esm/api");
  register();
  return import(pathToFileURL(entry).href);
}

/**
 * The file to import in place of a program's first one, made from its files as they are now.
 *
 * @param {string} entry Absolute path of the program's first file.
 * @returns {Promise<string | undefined>} Undefined where nothing can be kept.
 */
export async function bundled(entry) {
  const cache = cacheOf(dirname(entry));
  if (cache === undefined) return undefined;
  const folder = join(cache, createHash("sha256").update(entry).digest("hex").slice(0, 16));
  const known = readRecord(folder);
  if (known !== undefined && isCurrent(known)) return known.bundle;
  const record = await bundle(entry, join(folder, randomUUID()));
  if (record === undefined) return undefined;
  discardOld(cache, folder);
  return record.bundle;
}

/**
 * @param {string} entry
 * @param {string} outdir A folder for this bundle alone: another command may make, or run from, another one now.
 * @returns {Promise<BundleRecord | undefined>} Undefined when it cannot be written.
 */
async function bundle(entry, outdir) {
  const { build, stop } = await import("esbuild");
  const esbuild = createRequire(import.meta.url).resolve("esbuild/package.json");
  /** @type {Record<string, string>} */
  const inputs = {};
  for (const file of [esbuild, fileURLToPath(import.meta.url)]) inputs[file] = versionOf(file);
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      outdir,
      write: false,
      bundle: true,
      packages: "external",
      // What the program imports when it needs it stays apart, and is loaded then.
      splitting: true,
      outExtension: { ".js": ".mjs" },
      platform: "node",
      format: "esm",
      target: "node20",
      keepNames: true,
      sourcemap: "linked",
      sourcesContent: false,
      tsconfigRaw: {},
      logLevel: "silent",
      plugins: [{ name: "sources", setup: ({ onLoad }) => onLoad({ filter: /\.[cm]?[jt]s$/ }, readSource) }],
    });
    const record = { entry, bundle: join(outdir, `${basename(entry, ".ts")}.mjs`), inputs };
    return write(record, outdir, outputFiles) ? record : undefined;
  } finally {
    // Its process would stay as long as this one.
    await stop();
  }

  /**
   * Reads a file of the program, which may ask where it lies: it means itself, and not the bundle.
   *
   * @param {{ path: string }} file
   * @returns {import("esbuild").OnLoadResult}
   */
  function readSource({ path }) {
    inputs[path] = versionOf(path);
    const url = JSON.stringify(pathToFileURL(path).href);
    const contents = readFileSync(path, "utf8").replaceAll(/\bimport\.meta\.url\b/g, () => url);
    return { contents, loader: "ts" };
  }
}

/**
 * Writes a bundle, and then, at once, the record that names it as the newest.
 *
 * @param {BundleRecord} record
 * @param {string} outdir
 * @param {import("esbuild").OutputFile[]} files
 * @returns {boolean} Whether this could be written.
 */
function write(record, outdir, files) {
  try {
    for (const { path, contents } of files) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
    }
    const draft = join(outdir, recordName);
    writeFileSync(draft, JSON.stringify(record));
    renameSync(draft, join(dirname(outdir), recordName));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @returns {BundleRecord | undefined} Undefined when there is none that can be read.
 */
function readRecord(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, recordName), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Whether a bundle is there, and of its files as they are now.
 *
 * @param {BundleRecord} record
 */
const isCurrent = ({ bundle, inputs }) =>
  existsSync(bundle) && Object.entries(inputs).every(([file, version]) => versionOf(file) === version);

/**
 * When a file was last written, and how long it is; empty when it is not there.
 *
 * @param {string} file
 */
function versionOf(file) {
  const status = statSync(file, { throwIfNoEntry: false });
  return status === undefined ? "" : `${status.mtimeMs} ${status.size}`;
}

/**
 * The folder for the bundles of what lies in a folder: in the nearest `node_modules`, as the tools of the field have
 * theirs.
 *
 * @param {string} folder
 * @returns {string | undefined} Undefined when there is no such place to write to.
 */
function cacheOf(folder) {
  const modules = join(folder, "node_modules");
  if (!existsSync(modules)) return dirname(folder) === folder ? undefined : cacheOf(dirname(folder));
  // Node goes by where a file really lies when it looks for packages, and so do the source maps.
  const cache = join(realpathSync(modules), ".cache", "whisper-platform");
  try {
    mkdirSync(cache, { recursive: true });
    return cache;
  } catch {
    return undefined;
  }
}

/**
 * Deletes the older bundles of a program, and all of those that are gone, such as the copies that tests make.
 *
 * @param {string} cache
 * @param {string} program The program's folder in it.
 */
function discardOld(cache, program) {
  const newest = readRecord(program)?.bundle ?? "";
  const builds = readdirSync(program).filter(
    (name) => name !== recordName && name !== basename(dirname(newest)),
  );
  for (const folder of builds.map((name) => join(program, name))) {
    const madeMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - madeMs > keptMs) discard(folder);
  }
  for (const name of readdirSync(cache)) {
    const record = readRecord(join(cache, name));
    if (record !== undefined && !existsSync(record.entry)) discard(join(cache, name));
  }
}

/** @param {string} folder Another command may be at it too. */
const discard = (folder) => rmSync(folder, { recursive: true, force: true });
