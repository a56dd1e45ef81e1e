import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { type PodTraffic, silence } from "../traffic/network-policy.ts";
import { createAccount, createDisruptionBudget, createTrafficPolicy } from "./companions.ts";
import { type Place, placeOf } from "./place.ts";
import { type PodArgs, restrictedPod } from "./pod.ts";
import { checkReplicas, checkResources, type Replicas } from "./sizing.ts";

/** What a plain `up` leaves as it finds it, because a release on its way has set it. */
type ReleaseOwned = "replicas" | "image";

/** Arguments of {@link Workload}. */
export interface WorkloadArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /** What it is: a label by which network policies and monitoring know it. @example "api" */
  readonly component: string;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /** Its pod; service account, spreading and pull secret are seen to here. */
  readonly pod: Omit<PodArgs, "serviceAccount" | "spreadOver" | "imagePullSecret">;
  /**
   * Annotations of its pods. A fingerprint of their configuration belongs here, so that a change rolls them.
   * @default none
   */
  readonly podAnnotations?: Record<string, pulumi.Input<string>>;
  /** How many pods there are. */
  readonly replicas: Replicas;
  /**
   * Port under which others in the cluster reach it.
   * @default no Service: nobody connects to it
   */
  readonly servicePort?: number;
  /**
   * What may connect to it, and to what it may connect: its part of the traffic plan.
   * @default nothing, in both directions
   * @example podTraffic(plan, web)
   */
  readonly traffic?: PodTraffic;
  /**
   * What a release sets and a plain `up` leaves alone.
   * @default nothing: the arguments have the say
   */
  readonly releaseOwned?: readonly ReleaseOwned[];
}

const ownedPaths: Record<ReleaseOwned, string> = {
  replicas: "spec.replicas",
  image: "spec.template.spec.containers[0].image",
};

/**
 * A stateless workload: a Deployment that rolls without a gap, its own service account, a disruption budget, one
 * network policy, and as asked for a Service and an autoscaler.
 *
 * ### Cost
 * Nothing of its own: its requests take room on the cluster's nodes. An s-4vcpu-8gb (48 $ a month) has about
 * 3.8 processors and 6 GiB to give, so a pod of 250m and 512Mi takes a twelfth of it: 4 $.
 *
 * @example
 * ```ts
 * new Workload("whisper-staging-application-web", {
 *   ownership, component: "web", namespace: namespace.placement, replicas: 2, servicePort: 3000,
 *   pod: { containers: [{ name: "web", image, resources, ports: { http: 3000 }, health: { path: "/", port: 3000 } }] },
 *   traffic: podTraffic(plan, web),
 * }, { parent: this });
 * ```
 */
export class Workload extends Component {
  /** Host under which the cluster knows its Service; plain text, known in a preview. */
  readonly host: string;

  constructor(name: string, args: WorkloadArgs, options?: pulumi.ComponentResourceOptions) {
    judge(name, args);
    super("whisper:workload:Workload", name, { ...args, namespace: args.namespace.name }, options);
    const place = placeOf(name, args.component, args, this);

    const account = createAccount(name, place);
    const policy = createTrafficPolicy(name, args.traffic ?? silence, place);
    const deployment = this.#createDeployment(name, args, place, [account, policy]);
    createDisruptionBudget(name, place);
    if (args.servicePort !== undefined) {
      this.#createService(name, args.servicePort, place);
    }
    if (typeof args.replicas !== "number") {
      this.#createAutoscaler(name, args.replicas, deployment, place);
    }

    this.host = `${name}.${args.namespace.name}.svc.cluster.local`;
    this.registerOutputs({ host: this.host });
  }

  #createDeployment(
    name: string,
    args: WorkloadArgs,
    { metadata, podLabels, options }: Place,
    before: pulumi.Resource[],
  ): kubernetes.apps.v1.Deployment {
    const { replicas, namespace, pod, podAnnotations, releaseOwned = [] } = args;
    return new kubernetes.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          // With an autoscaler the count is its own, and is not even mentioned here.
          ...(typeof replicas === "number" && { replicas }),
          revisionHistoryLimit: 5,
          progressDeadlineSeconds: 600,
          selector: { matchLabels: podLabels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: {
            metadata: { labels: metadata.labels, ...(podAnnotations && { annotations: podAnnotations }) },
            spec: restrictedPod({
              ...pod,
              serviceAccount: name,
              spreadOver: podLabels,
              ...(namespace.imagePullSecret && { imagePullSecret: namespace.imagePullSecret }),
            }),
          },
        },
      },
      {
        ...options,
        dependsOn: [...options.dependsOn, ...before],
        ignoreChanges: releaseOwned.map((part) => ownedPaths[part]),
      },
    );
  }

  #createService(name: string, port: number, { metadata, podLabels, options }: Place): void {
    new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: {
          ...metadata,
          // A Service whose pods are not there yet, or are none on purpose, is complete all the same.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: [{ name: "http", port, targetPort: port, protocol: "TCP" }],
        },
      },
      options,
    );
  }

  #createAutoscaler(
    name: string,
    { minimum, maximum, targetCpuPercent = 70 }: Exclude<Replicas, number>,
    deployment: kubernetes.apps.v1.Deployment,
    { metadata, options }: Place,
  ): void {
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      {
        metadata,
        spec: {
          minReplicas: minimum,
          maxReplicas: maximum,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          metrics: [
            {
              type: "Resource",
              resource: {
                name: "cpu",
                target: { type: "Utilization", averageUtilization: targetCpuPercent },
              },
            },
          ],
        },
      },
      { ...options, dependsOn: [...options.dependsOn, deployment] },
    );
  }
}

/** @throws ArgumentError with every fault at once */
function judge(name: string, { replicas, pod }: WorkloadArgs): void {
  const checks = new ArgumentChecks(name);
  checkReplicas(checks, "replicas", replicas);
  for (const { name: containerName, image, resources } of pod.containers) {
    checkResources(checks, `pod.containers.${containerName}.resources`, resources);
    checks.check(
      `pod.containers.${containerName}.image`,
      image,
      (reference) => /[:@][^/]+$/.test(reference) && !reference.endsWith(":latest"),
      (reference) => `is "${reference}", which names no fixed version`,
      "Add the tag or the digest of one build.",
    );
  }
  checks.throwIfAny();
}
