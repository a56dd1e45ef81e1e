import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { controlSecretsName, createControlWorkload } from "./control-workload.ts";
import type { SuppliedPool } from "./gpu-pool.ts";
import { controllerPort, deliveryTrafficName } from "./traffic.ts";
import { secretsAccount } from "./worker-secrets.ts";

/** Arguments of a {@link GpuSecretsDelivery}. */
export interface GpuSecretsDeliveryArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes: a namespace of its own, since it has all that the workers have.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /**
   * A build of `images/gpu-pool-controller`, with its registry and a fixed version.
   * @example "registry.digitalocean.com/whisper/gpu-pool-controller:0.1.0"
   */
  readonly image: string;
  /** The pool that it supplies. */
  readonly pool: SuppliedPool;
  /** What the workers are given: JSON, contents by file name. Secret. @example pulumi.secret('{"token":"..."}') */
  readonly bundle: pulumi.Input<string>;
  /** Token of DigitalOcean's that reads droplets, and nothing else. Secret. @example config.requireSecret("gpuSecretsToken") */
  readonly token: pulumi.Input<string>;
  /** What it may connect to, and what to it: the traffic plan's for `gpu-secrets-delivery`. */
  readonly traffic: PodTraffic;
}

/** Folder of the secrets, as every role of the image expects it that speaks to droplets. */
export const deliverySecretsFolder = "/run/secrets/gpu-secrets-delivery";

/**
 * Brings the workers of a {@link GpuPool} their secrets, over SSH into the droplets' memory: to each droplet that
 * DigitalOcean's API confirms to be in the pool now, and that knows what only the pool's droplets can know; again after a
 * reboot, and one after the other when a secret has changed.
 *
 * ### Cost
 * Nothing of its own: 50m and 128Mi on the cluster's nodes, 1 $ a month of an s-4vcpu-8gb.
 *
 * @example
 * ```ts
 * new GpuSecretsDelivery("whisper-staging-gpu-secrets", {
 *   ownership, namespace: gpuSecrets.placement, image: "registry.digitalocean.com/whisper/gpu-pool-controller:0.1.0",
 *   pool: gpuPool.supplied, bundle, token, traffic: podTraffic(plan, delivery),
 * }, { provider: cluster.provider });
 * ```
 */
export class GpuSecretsDelivery extends Component {
  /** Name of the Secret in its namespace that holds the key to the droplets; plain text, known in a preview. */
  readonly secretsName: string;

  constructor(name: string, args: GpuSecretsDeliveryArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:gpu-pool:GpuSecretsDelivery", name, { ...args, namespace: args.namespace.name }, options);
    createControlWorkload(
      name,
      {
        ...args,
        component: deliveryTrafficName,
        command: ["node", "src/delivery/main.ts"],
        settings: { ...poolSettings(args.pool), PORT: String(controllerPort) },
        secrets: {
          "digitalocean-token": args.token,
          "ssh-key": args.pool.privateKey,
          mark: args.pool.mark,
          "bundle.json": args.bundle,
        },
        secretsFolder: deliverySecretsFolder,
      },
      this,
    );
    this.secretsName = controlSecretsName(name);
    this.registerOutputs({});
  }
}

/** How the image is told of its pool, as `images/gpu-pool-controller/src/delivery/pool-access.ts` reads it. */
export function poolSettings({
  roll,
  vpcId,
}: Pick<SuppliedPool, "roll" | "vpcId">): Record<string, pulumi.Input<string>> {
  const ofPool =
    "poolId" in roll
      ? { POOL_ID: roll.poolId }
      : { DROPLET_IDS: pulumi.output(roll.dropletIds).apply((ids) => ids.join(",")) };
  return { ...ofPool, VPC_ID: vpcId, ACCOUNT: secretsAccount };
}
