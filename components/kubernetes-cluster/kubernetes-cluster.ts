import * as digitalocean from "@pulumi/digitalocean";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kubernetesMinor, kubernetesMinors } from "../../catalog/kubernetes.ts";
import { dropletSizes } from "../../catalog/sizes.ts";
import { Component } from "../component.ts";
import { defaultMaintenanceWindow, type MaintenanceWindow } from "../database/arguments.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { NetworkPlacement } from "../joints.ts";
import { type Ownership, tagsOf } from "../ownership.ts";
import { checkRegion, checkSizeInRegion } from "../region.ts";
import { usableKubeconfig } from "./credentials.ts";
import { newestOffered } from "./offered-version.ts";

/** A set of equal nodes. */
export interface NodePoolArgs {
  /**
   * Slug of the nodes' size.
   *
   * Caution: a change replaces the pool; its pods move when its nodes go.
   * @example "s-4vcpu-8gb"
   */
  readonly size: string;
  /** Fewest nodes; the autoscaler keeps at least these. */
  readonly minimumNodes: number;
  /** Most nodes; when it equals {@link minimumNodes} the pool has a fixed size. */
  readonly maximumNodes: number;
  /**
   * Labels of the nodes, for workloads that choose.
   * @default none
   */
  readonly labels?: Record<string, string>;
  /**
   * Taints of the nodes, for workloads that must be let in.
   * @default none
   */
  readonly taints?: readonly {
    readonly key: string;
    readonly value: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  }[];
}

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
  /** Pools that carry the workloads, by name. */
  readonly pools: Record<string, NodePoolArgs>;
  /**
   * When DigitalOcean may upgrade to a new patch.
   * @default Sunday from 03:00 UTC
   */
  readonly maintenanceWindow?: MaintenanceWindow;
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
 * ### Cost
 * 12 $ a month for the default pool's s-1vcpu-2gb, each pool its nodes, and 40 $ for a replicated control plane; a
 * single one is free. Staging: 1 x 12 + 1 to 2 x 48 = 60 to 108 $ a month.
 * Production: 1 x 40 + 1 x 12 + 3 to 8 x 126 + 1 to 6 x 84 = 514 to 1564 $ a month.
 *
 * @example
 * ```ts
 * const cluster = new KubernetesCluster("whisper-staging-cluster", {
 *   ownership,
 *   placement: network.placement,
 *   pools: { general: { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 3 } },
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

    this.id = pulumi.all([cluster.id, ...pools.map((pool) => pool.id)]).apply(([id]) => id ?? "");
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
        maintenancePolicy: { day, startTime: `${String(hourUtc).padStart(2, "0")}:00` },
        destroyAllAssociatedResources: args.destroyLeftovers ?? false,
        nodePool: { name: `${name}-seat`, size: defaultPoolSize, nodeCount: 1, tags },
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
          name: `${name}-${poolName}`,
          clusterId: cluster.id,
          size: pool.size,
          ...(fixed
            ? { nodeCount: pool.minimumNodes }
            : { autoScale: true, minNodes: pool.minimumNodes, maxNodes: pool.maximumNodes }),
          labels: { "whisper.platform/pool": poolName, ...pool.labels },
          taints: [...(pool.taints ?? [])],
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
  extends Pick<KubernetesClusterArgs, "pools" | "minorVersion" | "maintenanceWindow"> {
  readonly region: pulumi.Input<string>;
}

/** Finds what is wrong with a {@link KubernetesCluster}'s arguments. */
export function checkCluster(checks: ArgumentChecks, args: ClusterSizing): void {
  checkRegion(checks, args.region, "kubernetes");
  checks.range("maintenanceWindow.hourUtc", args.maintenanceWindow?.hourUtc, 0, 23);
  checks.oneOf("minorVersion", args.minorVersion, kubernetesMinors);
  const pools = Object.entries(args.pools);
  if (pools.length === 0) {
    checks.add("pools", "is empty, so no workload has a node", "Name at least one pool, such as general.");
  }
  for (const [poolName, { size, minimumNodes, maximumNodes }] of pools) {
    const path = `pools.${poolName}`;
    const known = dropletSizes.find(({ slug }) => slug === size);
    checks.check(
      `${path}.size`,
      size,
      () => known !== undefined,
      (slug) => `is "${slug}", a size the catalogue does not have`,
      "Choose a slug of catalog/sizes.ts.",
    );
    checkSizeInRegion(checks, `${path}.size`, known, args.region);
    checks.range(`${path}.minimumNodes`, minimumNodes, 1, maximumPoolNodes);
    checks.range(`${path}.maximumNodes`, maximumNodes, 1, maximumPoolNodes);
    checks.check(
      `${path}.maximumNodes`,
      maximumNodes,
      (maximum) => maximum >= minimumNodes,
      (maximum) => `is ${maximum}, and minimumNodes is ${minimumNodes}`,
      "Raise the one or lower the other.",
    );
  }
}

/** What DigitalOcean takes for one pool. */
const maximumPoolNodes = 512;
