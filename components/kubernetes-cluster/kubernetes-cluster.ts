import * as digitalocean from "@pulumi/digitalocean";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kubernetesMinor, kubernetesMinors } from "../../catalog/kubernetes.ts";
import { Component } from "../component.ts";
import { defaultMaintenanceWindow, type MaintenanceWindow } from "../database/arguments.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { NetworkPlacement } from "../joints.ts";
import { type Ownership, tagsOf } from "../ownership.ts";
import { checkRegion } from "../region.ts";
import {
  type ControlPlaneFirewallArgs,
  checkControlPlaneFirewall,
  controlPlaneFirewall,
} from "./control-plane-firewall.ts";
import { usableKubeconfig } from "./credentials.ts";
import { checkPools, labelsOfPool, type NodePoolArgs, seatPool, taintsOfPool } from "./node-pools.ts";
import { newestOffered } from "./offered-version.ts";

/** Arguments of {@link KubernetesCluster}. */
export interface KubernetesClusterArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces the cluster.
   */
  readonly placement: NetworkPlacement;
  /**
   * Minor version to follow; its newest patch is asked of DigitalOcean.
   * @default the catalogue's
   * @example "1.36"
   */
  readonly minorVersion?: string;
  /**
   * Whether the control plane is replicated. It can be turned on later, never off.
   * @default false
   */
  readonly highlyAvailable?: boolean;
  /**
   * Pools that carry the workloads, by name; one at least takes any pod.
   * @example { general: { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 3 } }
   */
  readonly pools: Record<string, NodePoolArgs>;
  /**
   * When DigitalOcean may upgrade to a new patch.
   * @default Sunday from 03:00 UTC
   */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * Who reaches the Kubernetes API.
   * @default as it is; of a new cluster, everybody who has credentials
   * @example { enabled: true, allowedRanges: ["203.0.113.0/24"] }
   */
  readonly controlPlaneFirewall?: ControlPlaneFirewallArgs;
  /**
   * Whether load balancers and volumes that workloads have left behind go with the cluster.
   * @default false
   */
  readonly destroyLeftovers?: boolean;
}

/** Size of the default pool's one node: the cheapest DigitalOcean takes. */
const defaultPoolSize = "s-1vcpu-2gb";

/**
 * A managed Kubernetes cluster with its node pools, and a provider that speaks to it.
 *
 * The pool that a cluster is born with can never change its size without replacing the cluster. It is kept to
 * one tiny node that only holds the seat; the pools that work are resources of their own and come and go.
 *
 * DigitalOcean's own registry integration is left off: it would let every namespace pull, and asks for "the account's
 * registry" where there is one an environment. A namespace is given a pull secret instead.
 *
 * ### Cost
 * 12 $ a month for the default pool's s-1vcpu-2gb, each pool its nodes, and 40 $ for a replicated control plane; a
 * single one is free. Staging: 1 x 12 + 1 to 2 x 48 + 1 x 24 = 84 to 132 $ a month.
 * Production: 1 x 40 + 1 x 12 + 3 to 8 x 126 + 3 to 4 x 84 + 1 to 6 x 84 = 766 to 1900 $ a month.
 *
 * @example
 * ```ts
 * const cluster = new KubernetesCluster("whisper-staging-cluster", {
 *   ownership,
 *   placement: network.placement,
 *   pools: {
 *     general: { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 3 },
 *     memory: { size: "m-2vcpu-16gb", minimumNodes: 3, maximumNodes: 4, dedicated: true },
 *   },
 * });
 * ```
 */
export class KubernetesCluster extends Component {
  /** Id of the cluster, which databases take as a trusted source; known once its pools are there too. */
  readonly id: pulumi.Output<string>;
  /** Resource name as projects list it, `do:kubernetes:<id>`. */
  readonly clusterUrn: pulumi.Output<string>;
  /** Address of the control plane. */
  readonly endpoint: pulumi.Output<string>;
  /** Exact version it runs. */
  readonly version: pulumi.Output<string>;
  /** Speaks to this cluster; every Kubernetes resource is given it explicitly. */
  readonly provider: kubernetes.Provider;

  constructor(name: string, args: KubernetesClusterArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkCluster(checks, { ...args, region: args.placement.region }) });
    super("whisper:kubernetes-cluster:KubernetesCluster", name, args, options);

    const cluster = this.#createCluster(name, args);
    const pools = this.#createPools(name, args, cluster);
    this.provider = this.#createProvider(name, cluster, pools);

    // By the pools' URNs, which a preview knows of a pool that is still to be made.
    this.id = pulumi.all([cluster.id, ...pools.map((pool) => pool.urn)]).apply(([id]) => id ?? "");
    this.clusterUrn = cluster.clusterUrn;
    this.endpoint = cluster.endpoint;
    this.version = cluster.version;
    this.registerOutputs({
      id: this.id,
      clusterUrn: this.clusterUrn,
      endpoint: this.endpoint,
      version: this.version,
    });
  }

  #createCluster(name: string, args: KubernetesClusterArgs): digitalocean.KubernetesCluster {
    const { ownership, placement, minorVersion = kubernetesMinor } = args;
    const { day, hourUtc } = args.maintenanceWindow ?? defaultMaintenanceWindow;
    const version = pulumi.output(
      newestOffered(minorVersion, () =>
        digitalocean.getKubernetesVersions({ versionPrefix: `${minorVersion}.` }, { parent: this }),
      ),
    );
    const tags = tagsOf(ownership, "kubernetes");
    return new digitalocean.KubernetesCluster(
      `${name}-cluster`,
      {
        // In the cloud it is what the component is: a longer name would only say "cluster" twice.
        name,
        region: placement.region,
        version,
        vpcUuid: placement.vpcId,
        clusterSubnet: placement.addresses.pods,
        serviceSubnet: placement.addresses.services,
        ha: args.highlyAvailable ?? false,
        autoUpgrade: true,
        surgeUpgrade: true,
        ...(args.controlPlaneFirewall && {
          controlPlaneFirewall: controlPlaneFirewall(args.controlPlaneFirewall),
        }),
        maintenancePolicy: { day, startTime: `${String(hourUtc).padStart(2, "0")}:00` },
        destroyAllAssociatedResources: args.destroyLeftovers ?? false,
        nodePool: { name: `${name}-${seatPool}`, size: defaultPoolSize, nodeCount: 1, tags },
        tags,
      },
      // 2026-11-21: until then it bore the component's own name.
      { parent: this, aliases: [{ name }] },
    );
  }

  #createPools(
    name: string,
    { ownership, pools }: KubernetesClusterArgs,
    cluster: digitalocean.KubernetesCluster,
  ): digitalocean.KubernetesNodePool[] {
    return Object.entries(pools).map(([poolName, pool]) => {
      const fixed = pool.minimumNodes === pool.maximumNodes;
      return new digitalocean.KubernetesNodePool(
        `${name}-${poolName}`,
        {
          // With its size: one of another size comes up beside this one, and its pods move before this one goes.
          name: `${name}-${poolName}-${pool.size}`,
          clusterId: cluster.id,
          size: pool.size,
          ...(fixed
            ? { nodeCount: pool.minimumNodes }
            : { autoScale: true, minNodes: pool.minimumNodes, maxNodes: pool.maximumNodes }),
          labels: labelsOfPool(poolName, pool),
          taints: taintsOfPool(poolName, pool),
          tags: tagsOf(ownership, "kubernetes"),
        },
        // The autoscaler owns the count of a pool with a range.
        { parent: this, ignoreChanges: fixed ? [] : ["nodeCount"] },
      );
    });
  }

  #createProvider(
    name: string,
    cluster: digitalocean.KubernetesCluster,
    pools: digitalocean.KubernetesNodePool[],
  ): kubernetes.Provider {
    const kubeconfig = pulumi.secret(
      pulumi
        .all([cluster.id, cluster.name, cluster.kubeConfigs])
        .apply(([, clusterName, recorded]) =>
          usableKubeconfig(clusterName, recorded, () =>
            digitalocean.getKubernetesCluster({ name: clusterName }, { parent: this }),
          ),
        ),
    );
    return new kubernetes.Provider(
      `${name}-provider`,
      {
        kubeconfig,
        // An object that a killed run has made, and not recorded, is brought to what is wanted, not refused.
        upsertExistingObjects: true,
        // Configuration changes in place, and the pods that read it bear its fingerprint, so that they roll: replaced,
        // it would be missing for a moment.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
      },
      // Workloads are made once there are nodes for them, and unmade while there still are.
      { parent: this, dependsOn: pools },
    );
  }
}

/** Of a {@link KubernetesCluster}'s arguments, what is decided by size and care, and where it goes. */
export interface ClusterSizing
  extends Pick<
    KubernetesClusterArgs,
    "pools" | "minorVersion" | "maintenanceWindow" | "controlPlaneFirewall"
  > {
  readonly region: pulumi.Input<string>;
}

/** Finds what is wrong with a {@link KubernetesCluster}'s arguments. */
export function checkCluster(checks: ArgumentChecks, args: ClusterSizing): void {
  checkRegion(checks, args.region, "kubernetes");
  checks.range("maintenanceWindow.hourUtc", args.maintenanceWindow?.hourUtc, 0, 23);
  checks.oneOf("minorVersion", args.minorVersion, kubernetesMinors);
  if (args.controlPlaneFirewall) checkControlPlaneFirewall(checks, args.controlPlaneFirewall);
  checkPools(checks, args.pools, args.region);
}
