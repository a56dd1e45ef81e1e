import { dirname } from "node:path";
import type { Gpu } from "../../catalog/sizes.ts";
import { needsPrivateAddress, publishedPrivately } from "./private-address.ts";
import { unitFile } from "./unit-file.ts";
import { secretFiles, secretPath } from "./worker-secrets.ts";

/** The worker container on one droplet. */
export interface WorkerSpec {
  /** Image, registry included, with a fixed version. */
  readonly image: string;
  /** What makes the worker's GPUs. */
  readonly gpuBrand: Gpu["brand"];
  /** How long a worker may finish what it is at when it is told to stop. */
  readonly stopGraceSeconds: number;
  /** Port on which the worker tells its metrics, inside the VPC only. */
  readonly metricsPort: number;
  /** Plain settings of the worker; a secret does not belong here. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Files and folders on a droplet that more than one part of the set-up names. */
export const paths = {
  /** Secrets of the worker (`NAME=value` lines), delivered over SSH, never by user data. */
  secrets: secretPath(secretFiles.environment),
  settings: "/etc/whisper/settings.env",
  /** Folder of the credentials for the registry, delivered as the secrets are. */
  dockerConfig: dirname(secretPath(secretFiles.registry)),
  /** Model files, kept over restarts so that a start is fast. */
  models: "/var/lib/whisper/models",
} as const;

/** Port of the worker's own metrics, when nothing else is said. */
export const workerMetricsPort = 9100;

/** Uid and gid the container runs as. */
export const workerUid = 10_001;

/** How a container gets at the GPUs of each brand. */
export const gpuFlags: Readonly<Record<Gpu["brand"], readonly string[]>> = {
  nvidia: ["--gpus all"],
  amd: ["--device /dev/kfd", "--device /dev/dri", "--group-add video"],
};

/**
 * The systemd service that runs the worker. It starts once the secrets are there, restarts when it fails, and
 * on a stop lets the worker finish its job.
 */
export function workerService(spec: WorkerSpec): string {
  const run = [
    "/usr/bin/docker run --rm --name whisper-worker",
    ...gpuFlags[spec.gpuBrand],
    `--user ${workerUid}:${workerUid} --read-only --tmpfs /tmp:size=4g`,
    "--cap-drop ALL --security-opt no-new-privileges --pids-limit 4096",
    `--env-file ${paths.settings} --env-file ${paths.secrets}`,
    `--volume ${paths.models}:/models`,
    publishedPrivately(spec.metricsPort),
    `--stop-timeout ${spec.stopGraceSeconds}`,
    spec.image,
  ];
  return unitFile({
    Unit: {
      Description: "Whisper transcription worker",
      ...needsPrivateAddress.unit,
      ConditionPathExists: paths.secrets,
    },
    Service: {
      Type: "simple",
      Environment: `DOCKER_CONFIG=${paths.dockerConfig}`,
      ExecStartPre: [`/usr/bin/docker pull ${spec.image}`, "-/usr/bin/docker rm --force whisper-worker"],
      ...needsPrivateAddress.service,
      ExecStart: run.join(" \\\n  "),
      ExecStop: `/usr/bin/docker stop --time ${spec.stopGraceSeconds} whisper-worker`,
      // Longer than the grace, or systemd would kill what Docker still lets finish.
      TimeoutStopSec: String(spec.stopGraceSeconds + 30),
      TimeoutStartSec: "1800",
    },
    Install: { WantedBy: "multi-user.target" },
  });
}
