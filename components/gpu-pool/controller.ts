import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ValkeyConnection } from "../joints.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Quota } from "../namespace/quota.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createControlWorkload } from "./control-workload.ts";
import type { SteeredPool } from "./gpu-pool.ts";
import { controllerPort, controllerTrafficName } from "./traffic.ts";

/** Arguments of a {@link GpuPoolController}. */
export interface GpuPoolControllerArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes: a namespace of its own, since its token can make droplets.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /**
   * A build of `images/gpu-pool-controller`, with its registry and a fixed version.
   * @example "registry.digitalocean.com/whisper/gpu-pool-controller:0.1.0"
   */
  readonly image: string;
  /** The pool that it steers. */
  readonly pool: SteeredPool;
  /** Valkey that holds the queue. */
  readonly broker: ValkeyConnection;
  /** Name of Celery's queue. @example "transcription" */
  readonly queue: string;
  /** Token of DigitalOcean's, with the scopes that docs/gpu-pool.md names. Secret. @example config.requireSecret("gpuPoolToken") */
  readonly token: pulumi.Input<string>;
  /** What it may connect to, and what to it: the traffic plan's for `gpu-pool-controller`. */
  readonly traffic: PodTraffic;
}

/** Folder of the secrets, as the image expects it. */
const secretsFolder = "/run/secrets/gpu-pool-controller";

/** What its namespace needs, a roll-out included. */
export const controllerQuota: Quota = { cpu: "500m", memory: "512Mi", pods: 3 };

/**
 * Sets the number of droplets of an elastic {@link GpuPool} by the queue they work on, and says why. There is one: it
 * remembers in Valkey what a second one would have to know, and without it the pool keeps its size.
 *
 * ### Cost
 * Nothing of its own: 50m and 128Mi on the cluster's nodes, 1 $ a month of an s-4vcpu-8gb.
 *
 * @example
 * ```ts
 * new GpuPoolController("whisper-staging-gpu-controller", {
 *   ownership, namespace: gpuNamespace.placement, image: "registry.digitalocean.com/whisper/gpu-pool-controller:0.1.0",
 *   pool: gpuPool.steered, broker: valkey.connection, queue: "transcription", token, traffic: podTraffic(plan, controller),
 * }, { provider: cluster.provider });
 * ```
 */
export class GpuPoolController extends Component {
  /** Host under which the cluster knows it, for whoever asks where the pool's droplets are. */
  readonly host: string;

  constructor(name: string, args: GpuPoolControllerArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:gpu-pool:GpuPoolController", name, { ...args, namespace: args.namespace.name }, options);
    const workload = createControlWorkload(
      name,
      {
        ...args,
        component: controllerTrafficName,
        settings: environmentOf(args),
        secrets: { "digitalocean-token": args.token, "broker-url": args.broker.uri },
        secretsFolder,
      },
      this,
    );

    this.host = workload.host;
    this.registerOutputs({ host: this.host });
  }
}

/** The controller's environment, as `images/gpu-pool-controller/src/settings.ts` reads it. */
function environmentOf({ pool, queue }: GpuPoolControllerArgs): Record<string, pulumi.Input<string>> {
  return {
    POOL_ID: pool.poolId,
    QUEUE_NAME: queue,
    FLOOR: String(pool.floor),
    CEILING: String(pool.ceiling),
    COOLDOWN_SECONDS: String(pool.cooldownSeconds ?? 900),
    JOBS_PER_MEMBER_HOUR: String(pool.jobsPerDropletHour),
    JOBS_AT_ONCE: String(pool.jobsAtOnce ?? 1),
    TARGET_WAIT_SECONDS: String(pool.targetWaitSeconds ?? 600),
    BUDGET_USD_PER_DAY: String(pool.budgetUsdPerDay),
    MEMBER_USD_PER_HOUR: String(pool.dropletUsdPerHour),
    PORT: String(controllerPort),
  };
}
