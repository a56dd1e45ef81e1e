import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createTask } from "../workload/task.ts";
import { controlResources } from "./control-workload.ts";
import type { GuardedPool } from "./gpu-pool.ts";
import { deliverySecretsFolder, type GpuSecretsDelivery, poolSettings } from "./secrets-delivery.ts";
import { rolloutTrafficName } from "./traffic.ts";

/** Arguments of a {@link GpuRollout}. */
export interface GpuRolloutArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes: the namespace of who delivers the secrets, whose key to the droplets it uses. Among its guards are that
   * one and the pool itself, so that it begins when the droplets are there and somebody supplies them.
   */
  readonly namespace: NamespacePlacement;
  /**
   * A build of `images/gpu-pool-controller`, with its registry and a fixed version.
   * @example "registry.digitalocean.com/whisper/gpu-pool-controller:0.2.0"
   */
  readonly image: string;
  /** The pool whose droplets it looks after. */
  readonly pool: GuardedPool;
  /** Who delivers that pool's secrets. */
  readonly delivery: Pick<GpuSecretsDelivery, "secretsName">;
  /** What it may connect to: the traffic plan's for `gpu-rollout`. */
  readonly traffic: PodTraffic;
}

/** The longest that a worker may take to finish, by what a {@link GpuPool} allows, and what finds out that it has. */
const longestFarewellSeconds = 7200 + 600;

/** As `images/gpu-pool-controller/src/rollout/main.ts` ends when droplets do not work. */
export const unhealthyExitCode = 3;

/**
 * Lets droplets of a {@link GpuPool} go only once those that stay work: a Job that every `up` which changes the pool's
 * droplets waits for, before it deletes any. It waits until each droplet that stays has its secrets and its worker answers,
 * and then tells the workers of those that go to finish. When it fails, so does the `up`, and nobody has been told to go.
 *
 * ### Cost
 * Nothing of its own: 50m and 128Mi on the cluster's nodes while it runs.
 *
 * @example
 * ```ts
 * new GpuRollout("whisper-staging-gpu-rollout", {
 *   ownership, namespace: { ...gpuSecrets.placement, guards: [...gpuSecrets.placement.guards, gpuPool, delivery] },
 *   image: "registry.digitalocean.com/whisper/gpu-pool-controller:0.2.0",
 *   pool: gpuPool.guarded, delivery, traffic: podTraffic(plan, rollout),
 * }, { provider: cluster.provider });
 * ```
 */
export class GpuRollout extends Component {
  constructor(name: string, args: GpuRolloutArgs, options?: pulumi.ComponentResourceOptions) {
    const recorded = { ...args, namespace: args.namespace.name, delivery: args.delivery.secretsName };
    super("whisper:gpu-pool:GpuRollout", name, recorded, options);
    const { namespace, ownership, pool } = args;
    const environment = environmentOf(pool);
    const settings = new kubernetes.core.v1.ConfigMap(
      `${name}-settings`,
      {
        metadata: {
          name: `${name}-settings`,
          namespace: namespace.name,
          labels: labelsOf(ownership, rolloutTrafficName),
        },
        data: environment,
      },
      { parent: this, dependsOn: namespace.guards },
    );
    createTask(
      name,
      {
        ownership,
        component: rolloutTrafficName,
        namespace: { ...namespace, guards: [...namespace.guards, settings] },
        deadlineSeconds: pool.healthDeadlineSeconds + longestFarewellSeconds,
        finalExitCode: unhealthyExitCode,
        // The droplets are among it: others are another roll-out.
        podAnnotations: { "whisper.platform/configuration": fingerprint(environment) },
        traffic: args.traffic,
        pod: {
          containers: [
            {
              name: "gate",
              image: args.image,
              command: ["node", "src/rollout/main.ts"],
              resources: controlResources,
              environmentFrom: [{ configMap: `${name}-settings` }],
              mounts: { secrets: { path: deliverySecretsFolder, readOnly: true } },
            },
          ],
          volumes: [{ name: "secrets", secret: secretsOf(args.delivery) }],
        },
      },
      this,
    );
    this.registerOutputs({});
  }
}

/** Of the delivery's secrets what opens the way to droplets, and not what is delivered. */
function secretsOf({ secretsName }: GpuRolloutArgs["delivery"]) {
  const items = ["digitalocean-token", "ssh-key", "mark"].map((key) => ({ key, path: key }));
  return { secretName: secretsName, defaultMode: 0o440, items };
}

/** Its environment, as `images/gpu-pool-controller/src/rollout/settings.ts` reads it. */
function environmentOf(pool: GuardedPool): Record<string, pulumi.Input<string>> {
  return {
    ...poolSettings(pool),
    ...(pool.floor !== undefined && { FLOOR: String(pool.floor) }),
    METRICS_PORT: String(pool.metricsPort),
    HEALTH_DEADLINE_SECONDS: String(pool.healthDeadlineSeconds),
  };
}
