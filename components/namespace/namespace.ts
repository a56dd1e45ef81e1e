import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { judgeTogether } from "../errors.ts";
import type { RegistryAccess } from "../joints.ts";
import { base64 } from "../kubernetes-values.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import type { NamespacePlacement } from "./placement.ts";
import { checkQuota, largestContainerOf, type Quota, unstated } from "./quota.ts";

/** Arguments of {@link Namespace}. */
export interface NamespaceArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /** What it is for; a label. @example "application" */
  readonly component: string;
  /** The most that everything in it may ask for together, and the most that one container may use. */
  readonly quota: Quota;
  /**
   * What must be there before anything in it, such as the priority classes that its pods name.
   * @default nothing
   * @example priorities.classes
   */
  readonly prerequisites?: readonly pulumi.Resource[];
  /**
   * Pod security standard that the cluster enforces here. `privileged` enforces nothing, and is for node agents alone:
   * the policies let into such a namespace what `catalog/node-agents.ts` names.
   * @default "restricted"
   */
  readonly podSecurity?: "restricted" | "privileged";
  /**
   * Registry whose images are pulled here.
   * @default only public images are pulled
   */
  readonly registry?: RegistryAccess;
}

/**
 * What everything in the namespace has in common. Its name is given in clear and the order by dependency: a name
 * that comes from the resource is unknown in a first preview, and rules about namespaces could not judge.
 */
interface Place {
  readonly metadata: { readonly namespace: string; readonly labels: Record<string, string> };
  readonly options: pulumi.CustomResourceOptions;
}

/**
 * A namespace that trusts nobody: the restricted pod security standard, a quota, limits for each container and for
 * whoever states none, and no traffic at all until a network policy of a workload allows some.
 *
 * ### Cost
 * Nothing.
 *
 * @example
 * ```ts
 * const namespace = new Namespace("whisper-staging-application",
 *   { ownership, component: "application", quota: { cpu: "4", memory: "8Gi", pods: 40 } },
 *   { provider: cluster.provider });
 * ```
 */
export class Namespace extends Component {
  /** For whoever puts something into the namespace. */
  readonly placement: NamespacePlacement;

  constructor(name: string, args: NamespaceArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkQuota(checks, args.quota) });
    const { prerequisites = [], ...recorded } = args;
    super("whisper:namespace:Namespace", name, recorded, options);
    const labels = labelsOf(args.ownership, args.component);

    const namespace = this.#createNamespace(name, args, labels, prerequisites);
    const place: Place = {
      metadata: { namespace: name, labels },
      options: { parent: this, dependsOn: [namespace] },
    };
    const pullSecret = args.registry && this.#createPullSecret(name, args.registry, place);
    // The last of them stands for all: what is put here names one resource and not eleven, each time in the state.
    const last = this.#createDefaultDenial(name, place, [
      namespace,
      this.#createQuota(name, args, place),
      this.#createLimits(name, args, place),
      ...(pullSecret ? [pullSecret] : []),
    ]);

    this.placement = {
      name,
      ...(pullSecret && { imagePullSecret: `${name}-registry` }),
      guards: [last],
    };
    this.registerOutputs({ name });
  }

  #createNamespace(
    name: string,
    { podSecurity: level = "restricted" }: NamespaceArgs,
    labels: Record<string, string>,
    prerequisites: readonly pulumi.Resource[],
  ): kubernetes.core.v1.Namespace {
    return new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name,
          labels: {
            ...labels,
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/audit": level,
            "pod-security.kubernetes.io/warn": level,
          },
        },
      },
      { parent: this, dependsOn: [...prerequisites] },
    );
  }

  #createQuota(name: string, { quota }: NamespaceArgs, place: Place): kubernetes.core.v1.ResourceQuota {
    return new kubernetes.core.v1.ResourceQuota(
      `${name}-quota`,
      {
        metadata: { name: `${name}-quota`, ...place.metadata },
        spec: {
          hard: {
            "requests.cpu": quota.cpu,
            "requests.memory": quota.memory,
            pods: String(quota.pods),
            "services.loadbalancers": String(quota.loadBalancers ?? 0),
          },
        },
      },
      place.options,
    );
  }

  #createLimits(name: string, { quota }: NamespaceArgs, place: Place): kubernetes.core.v1.LimitRange {
    return new kubernetes.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata: { name: `${name}-limits`, ...place.metadata },
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: unstated.promised,
              default: unstated.allowed,
              max: largestContainerOf(quota),
            },
          ],
        },
      },
      place.options,
    );
  }

  #createDefaultDenial(
    name: string,
    place: Place,
    before: readonly pulumi.Resource[],
  ): kubernetes.networking.v1.NetworkPolicy {
    return new kubernetes.networking.v1.NetworkPolicy(
      `${name}-deny-all`,
      {
        metadata: { name: `${name}-deny-all`, ...place.metadata },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { ...place.options, dependsOn: [...before] },
    );
  }

  #createPullSecret(name: string, registry: RegistryAccess, place: Place): kubernetes.core.v1.Secret {
    return new kubernetes.core.v1.Secret(
      `${name}-registry`,
      {
        metadata: { name: `${name}-registry`, ...place.metadata },
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": base64(registry.dockerConfigJson) },
      },
      place.options,
    );
  }
}
