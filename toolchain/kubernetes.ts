import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { ToolchainError } from "./errors.ts";
import { type ObtainOptions, obtain } from "./obtain.ts";
import { kubernetesControlPlane } from "./programs.ts";

/** The programs of a Kubernetes control plane, as absolute paths. */
export interface KubernetesPrograms {
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly etcd: string;
  readonly kwok: string;
}

/**
 * The control plane's programs: from the folder that `PLATFORM_KUBERNETES_BIN` names, else the cache, else the
 * official downloads, else built from Go modules. Throws `ToolchainError` when none can be had, or when one in the
 * given folder is missing or cannot be run.
 */
export async function ensureKubernetes(options: ObtainOptions = {}): Promise<KubernetesPrograms> {
  const given = givenFolder();
  if (given !== undefined) await versionIn(given);
  const folder = given ?? (await obtain(kubernetesControlPlane, options));
  return {
    apiServer: join(folder, "kube-apiserver"),
    controllerManager: join(folder, "kube-controller-manager"),
    scheduler: join(folder, "kube-scheduler"),
    etcd: join(folder, "etcd"),
    kwok: join(folder, "kwok"),
  };
}

/**
 * The version of Kubernetes that {@link ensureKubernetes} gives, without a leading `v`. Fetches nothing. Throws
 * `ToolchainError` when one of the programs in the given folder is missing or cannot be run.
 */
export async function kubernetesVersion(): Promise<string> {
  const given = givenFolder();
  return given === undefined ? kubernetesControlPlane.version : await versionIn(given);
}

function givenFolder(): string | undefined {
  const given = process.env.PLATFORM_KUBERNETES_BIN;
  return given ? resolve(given) : undefined;
}

async function versionIn(folder: string): Promise<string> {
  const missing = kubernetesControlPlane.programs.filter((program) => !canBeRun(join(folder, program)));
  if (missing.length > 0)
    throw unusable(folder, `it lacks ${missing.join(", ")}, or they cannot be executed`);
  const asked = await execa(join(folder, "kube-apiserver"), ["--version"], { reject: false });
  const version = /^Kubernetes v(\S+)$/m.exec(asked.stdout ?? "")?.[1];
  if (version !== undefined) return version;
  throw unusable(
    folder,
    `its kube-apiserver does not tell its version: ${asked.shortMessage ?? asked.stdout}`,
  );
}

function canBeRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const unusable = (folder: string, reason: string): ToolchainError =>
  new ToolchainError(
    "The Kubernetes control plane",
    [{ way: `PLATFORM_KUBERNETES_BIN=${folder}`, reason }],
    "Put these programs there, or unset the variable and they are fetched.",
  );
