import { existsSync } from "node:fs";
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
  /** Kubernetes' version, without a leading `v`. */
  readonly version: string;
}

/**
 * The control plane's programs: from the folder that `PLATFORM_KUBERNETES_BIN` names, else the cache, else the
 * official downloads, else built from Go modules. Throws `ToolchainError` when none can be had, or when the given
 * folder lacks one of them.
 */
export async function ensureKubernetes(options: ObtainOptions = {}): Promise<KubernetesPrograms> {
  const given = process.env.PLATFORM_KUBERNETES_BIN;
  if (given) return await inGivenFolder(resolve(given));
  return programsIn(await obtain(kubernetesControlPlane, options), kubernetesControlPlane.version);
}

async function inGivenFolder(folder: string): Promise<KubernetesPrograms> {
  const missing = kubernetesControlPlane.programs.filter((program) => !existsSync(join(folder, program)));
  if (missing.length > 0) {
    throw new ToolchainError(
      "The Kubernetes control plane",
      [{ way: `PLATFORM_KUBERNETES_BIN=${folder}`, reason: `it lacks ${missing.join(", ")}` }],
      "Put these programs there, or unset the variable and they are fetched.",
    );
  }
  const { stdout } = await execa(join(folder, "kube-apiserver"), ["--version"]);
  return programsIn(folder, stdout.replace("Kubernetes v", "").trim());
}

function programsIn(folder: string, version: string): KubernetesPrograms {
  return {
    apiServer: join(folder, "kube-apiserver"),
    controllerManager: join(folder, "kube-controller-manager"),
    scheduler: join(folder, "kube-scheduler"),
    etcd: join(folder, "etcd"),
    kwok: join(folder, "kwok"),
    version,
  };
}
