import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import type { ClosedWay } from "./errors.ts";
import { type ObtainOptions, obtain } from "./obtain.ts";
import { pulumiEngine } from "./programs.ts";

/** The oldest engine that our SDK's Automation API and the provider protocol of the stand-ins work with. */
const oldestEngine = "3.240.0";

/** A Pulumi engine that can be run. */
export interface Engine {
  /** Absolute path of the `pulumi` program. */
  readonly pulumiPath: string;
  /** Its version, without a leading `v`. */
  readonly version: string;
}

/**
 * The Pulumi engine: the one on the PATH, else the one in Pulumi's own cache, else the vendor's download, else
 * built from Go modules. One that is older than this program needs is passed over. Throws `ToolchainError` when
 * none can be had.
 */
export async function ensureEngine(options: ObtainOptions = {}): Promise<Engine> {
  const tried: ClosedWay[] = [];
  for (const candidate of installedCandidates()) {
    const version = await versionOf(candidate.program);
    if (version === undefined) {
      tried.push({ way: candidate.way, reason: "there is none" });
    } else if (semver.lt(version, oldestEngine)) {
      tried.push({ way: candidate.way, reason: `it is ${version}, older than ${oldestEngine}` });
    } else {
      return { pulumiPath: candidate.program, version };
    }
  }
  const directory = await obtain(pulumiEngine, options, tried);
  return { pulumiPath: join(directory, "pulumi"), version: pulumiEngine.version };
}

function installedCandidates(): readonly { way: string; program: string }[] {
  const pulumiHome = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const onPath = (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, "pulumi"))
    .find(canRun);
  return [
    { way: "`pulumi` on the PATH", program: onPath ?? "" },
    {
      way: "Pulumi's own cache",
      program: join(pulumiHome, "versions", pulumiEngine.version, "bin", "pulumi"),
    },
    { way: "Pulumi's own folder", program: join(pulumiHome, "bin", "pulumi") },
  ];
}

/** Whether this is a program; a folder of its name is not. */
function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function versionOf(program: string): Promise<string | undefined> {
  if (!canRun(program)) return undefined;
  const { stdout } = await execa(program, ["version"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
  });
  return semver.clean(String(stdout).trim()) ?? undefined;
}
