import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError } from "./error.ts";

/** The folder of the checkout that this program was started from. */
export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Where everything lives that a run leaves behind: the sandbox's cloud, the state of its stacks, scratch folders.
 * Never inside the checkout's own files, so that a run leaves them clean.
 */
export interface PlatformHome {
  /** The folder itself, mode 0700. */
  readonly root: string;
  /** Everything the sandbox keeps. Deleted by `platform sandbox reset`. */
  readonly sandbox: string;
  /** What the sandbox's daemon says of itself: process, ports, tokens. Mode 0600. */
  readonly sandboxRecord: string;
  /** Holds the lock that makes the daemon the only one of its home. */
  readonly sandboxLock: string;
  /** The emulated cloud's database. */
  readonly storeData: string;
  /** The bytes of Spaces objects. */
  readonly spacesData: string;
  /** The bytes of container images. */
  readonly registryData: string;
  /** One folder a Kubernetes cluster. */
  readonly clusters: string;
  /** One folder a managed store. */
  readonly stores: string;
  /** One folder for each block storage volume that something here writes onto. */
  readonly volumes: string;
  /** Logs of the daemon and of the programs it runs. */
  readonly log: string;
  /** Pulumi's file backend for the stacks deployed into the sandbox. */
  readonly state: string;
  /** The passphrase that encrypts the secrets in that state. Mode 0600. */
  readonly passphrase: string;
  /** Parent of the scratch folders of what is deployed into the sandbox. Deleted by `platform sandbox reset`. */
  readonly work: string;
  /** Scratch folder of one environment in the sandbox, where the engine finds its generated settings. */
  workOf(environment: string): string;
  /** The same of an environment in DigitalOcean: no reset touches it, as it knows what a killed run began there. */
  cloudWorkOf(environment: string): string;
}

/**
 * The paths below `PLATFORM_HOME`; unset or empty, `.platform` in the checkout. Creates nothing.
 *
 * @param env The environment variables to read; by default the process's own.
 */
export function platformHome(env: NodeJS.ProcessEnv = process.env): PlatformHome {
  const root = resolve(env.PLATFORM_HOME || join(checkout, ".platform"));
  const sandbox = join(root, "sandbox");
  const work = join(root, "work");
  return {
    root,
    sandbox,
    sandboxRecord: join(sandbox, "sandbox.json"),
    sandboxLock: join(sandbox, "lock"),
    storeData: join(sandbox, "data"),
    spacesData: join(sandbox, "spaces"),
    registryData: join(sandbox, "registry"),
    clusters: join(sandbox, "clusters"),
    stores: join(sandbox, "stores"),
    volumes: join(sandbox, "volumes"),
    log: join(sandbox, "log"),
    state: join(root, "state"),
    passphrase: join(root, "passphrase"),
    work,
    workOf: (environment) => join(work, environment),
    cloudWorkOf: (environment) => join(root, "cloud", environment),
  };
}

/** Says of a folder that it is a home, to programs and to people. */
const marker = { name: "whisper-platform-home", text: "What the sandbox keeps: see docs/sandbox.md.\n" };

/**
 * Takes a folder for the home: an empty one, one to be made, or one that was taken before. Any other is not touched, as
 * a reset deletes folders in it: `PLATFORM_HOME=.` would cost the checkout its own `sandbox/`.
 *
 * @throws SandboxError when it is another folder, or cannot be had.
 */
export function claimHome({ root }: PlatformHome): void {
  const held = usable(root, () => (isFolder(root) ? readdirSync(root) : []));
  if (held.includes(marker.name)) return;
  if (held.length > 0) {
    const more = held.length > 3 ? ` and ${held.length - 3} more` : "";
    throw new SandboxError(
      `${root} is no home of the platform's: it holds ${held.slice(0, 3).join(", ")}${more}.\n` +
        "Set PLATFORM_HOME to an empty folder, or to one that does not exist yet.",
      { usage: true },
    );
  }
  makePrivate(root);
  writeFileSync(join(root, marker.name), marker.text, { mode: 0o600 });
}

/**
 * Creates a folder that only its owner may read, and its parents. An existing one is made private too.
 *
 * @throws SandboxError when it cannot be had.
 */
export function makePrivate(folder: string): void {
  usable(folder, () => {
    makeFolder(folder);
    chmodSync(folder, 0o700);
  });
}

/**
 * Writes a file that only its owner may read, in one step: after a kill, and for who reads meanwhile, it is the old one or
 * the new. One process at a time may write it.
 */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** What this program wrote there as JSON; undefined when there is nothing, or nothing that can be read. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** What is done with a folder that somebody has chosen. @throws SandboxError, which says so, when it cannot be done. */
function usable<T>(folder: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SandboxError(
      `${folder} cannot be used: ${reason}.\nSet PLATFORM_HOME to a folder of your own that can be written.`,
      { usage: true, cause: error },
    );
  }
}

/** Node's own way of making the parents too never returns where nothing can be made, as below `/proc`. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
