import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import { fingerprint, imageReference } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { type Flow, trafficPolicy } from "../workload/traffic.ts";
import { rulesFile, scrapeConfiguration } from "./configuration.ts";
import { rules } from "./rules.ts";

/** Equal machines that have metrics. */
export interface Machines {
  readonly addresses: pulumi.Input<string[]>;
  readonly port: number;
  /** Range in which they are. */
  readonly cidr: string;
}

/** Arguments of {@link Prometheus}. */
export interface PrometheusArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it, and its history with it.
   */
  readonly namespace: NamespacePlacement;
  /** What it collects from: the namespace, and the components in it with the port of their metrics. */
  readonly targets: readonly {
    readonly namespace: NamespacePlacement;
    readonly components: Record<string, number>;
  }[];
  /**
   * Machines outside the cluster that it collects from too, by job.
   * @default none
   * @example { "gpu-worker": { addresses: gpuPool.privateAddresses, port: 9100, cidr: "10.16.0.0/16" } }
   */
  readonly machines?: Record<string, Machines>;
  /**
   * How long every sample is kept.
   * @default 15
   */
  readonly retentionDays?: number;
  /** Its volume; it can be enlarged later, never made smaller. */
  readonly diskGib: number;
  /** What it is promised and allowed. */
  readonly resources: Resources;
  /**
   * How often it asks.
   * @default 30
   */
  readonly scrapeIntervalSeconds?: number;
  /**
   * Whether the engine refuses to delete its history.
   * @default true
   */
  readonly protect?: boolean;
}

/** Port on which Prometheus answers. */
export const prometheusPort = 9090;

const configurationFolder = "/etc/prometheus";
const dataFolder = "/prometheus";

/**
 * Prometheus with a volume of its own, which finds the pods that have metrics and raises the first alerts.
 *
 * It sees pods in the namespaces it was given and nothing else of the cluster. The volume is left some air: at
 * 90 % of it the oldest samples go, before the disk is full.
 *
 * ### Cost
 * The volume is $0.10 a GiB and month: 20 GiB are $2, 100 GiB are $10.
 *
 * @example
 * ```ts
 * new Prometheus("whisper-staging-monitoring-prometheus", {
 *   ownership, namespace: monitoring.placement, diskGib: 20,
 *   targets: [{ namespace: applicationNamespace.placement, components: { api: 8000 } }],
 *   resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
 * }, { provider: cluster.provider });
 * ```
 */
export class Prometheus extends Component {
  /** Address within the cluster. */
  readonly address: string;

  constructor(name: string, args: PrometheusArgs, options?: pulumi.ComponentResourceOptions) {
    judge(name, args);
    super(
      "whisper:prometheus:Prometheus",
      name,
      {
        ...args,
        namespace: args.namespace.name,
        targets: args.targets.map(({ namespace, components }) => ({ namespace: namespace.name, components })),
      },
      options,
    );
    const podLabels = { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/instance": name };
    const place: Place = {
      metadata: {
        name,
        namespace: args.namespace.name,
        labels: { ...labelsOf(args.ownership, "prometheus"), ...podLabels },
      },
      podLabels,
      options: { parent: this, dependsOn: args.namespace.guards },
    };

    const account = this.#createAccess(name, args, place);
    const configuration = this.#createConfiguration(name, args, place);
    const traffic = this.#createTraffic(name, args, place);
    const volume = this.#createVolume(name, args, place);
    this.#createService(name, place);
    this.#createDisruptionBudget(name, place);
    this.#createStatefulSet(name, args, place, configuration.fingerprint, [
      ...account,
      configuration.map,
      traffic,
      volume,
    ]);

    this.address = `http://${name}.${args.namespace.name}.svc.cluster.local:${prometheusPort}`;
    this.registerOutputs({ address: this.address });
  }

  /** It may look at pods where it collects, and nowhere else. */
  #createAccess(name: string, { targets }: PrometheusArgs, { metadata, options }: Place): pulumi.Resource[] {
    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      options,
    );
    const bindings = targets.flatMap(({ namespace }) => {
      const there = { ...metadata, namespace: namespace.name };
      const role = new kubernetes.rbac.v1.Role(
        `${name}-role-in-${namespace.name}`,
        {
          metadata: there,
          rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
        },
        { ...options, dependsOn: namespace.guards },
      );
      const binding = new kubernetes.rbac.v1.RoleBinding(
        `${name}-binding-in-${namespace.name}`,
        {
          metadata: there,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          subjects: [{ kind: "ServiceAccount", name, namespace: metadata.namespace }],
        },
        { ...options, dependsOn: [role, account] },
      );
      return [binding];
    });
    return [account, ...bindings];
  }

  #createConfiguration(name: string, args: PrometheusArgs, { metadata, options }: Place) {
    const text = pulumi
      .all(Object.values(machinesOf(args)).map(({ addresses }) => addresses))
      .apply((addresses) =>
        scrapeConfiguration({
          environment: args.ownership.environment,
          namespaces: args.targets.map(({ namespace }) => namespace.name),
          machines: Object.fromEntries(
            Object.entries(machinesOf(args)).map(([job, { port }], index) => [
              job,
              (addresses[index] ?? []).map((address) => `${address}:${port}`),
            ]),
          ),
          scrapeIntervalSeconds: args.scrapeIntervalSeconds ?? 30,
        }),
      );
    const data = { "prometheus.yml": text, [rulesFile]: rules() };
    const map = new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
    return { map, fingerprint: fingerprint(data) };
  }

  #createTraffic(name: string, args: PrometheusArgs, { metadata, podLabels, options }: Place) {
    const toTargets: Flow[] = args.targets.flatMap(({ namespace, components }) =>
      Object.entries(components).map(([component, port]) => ({
        party: { component, namespace: namespace.name },
        ports: [port],
      })),
    );
    const toMachines: Flow[] = Object.values(machinesOf(args)).map(({ cidr, port }) => ({
      party: { cidr },
      ports: [port],
    }));
    // The control plane is outside the private ranges, and answers on one of these.
    const toKubernetes: Flow = { party: { cidr: "0.0.0.0/0" }, ports: [443, 6443] };
    return new kubernetes.networking.v1.NetworkPolicy(
      `${name}-traffic`,
      { metadata, spec: trafficPolicy(podLabels, [], [...toTargets, ...toMachines, toKubernetes]) },
      options,
    );
  }

  #createVolume(name: string, { diskGib, protect = true }: PrometheusArgs, { metadata, options }: Place) {
    return new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      {
        metadata,
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "do-block-storage",
          resources: { requests: { storage: `${diskGib}Gi` } },
        },
      },
      { ...options, protect },
    );
  }

  #createService(name: string, { metadata, podLabels, options }: Place): void {
    new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: [{ name: "http", port: prometheusPort, targetPort: prometheusPort, protocol: "TCP" }],
        },
      },
      options,
    );
  }

  #createDisruptionBudget(name: string, { metadata, podLabels, options }: Place): void {
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: podLabels } } },
      options,
    );
  }

  #createStatefulSet(
    name: string,
    { retentionDays = 15, diskGib, resources, namespace }: PrometheusArgs,
    { metadata, podLabels }: Place,
    configuration: pulumi.Output<string>,
    before: pulumi.Resource[],
  ): void {
    new kubernetes.apps.v1.StatefulSet(
      `${name}-stateful-set`,
      {
        metadata,
        spec: {
          serviceName: name,
          replicas: 1,
          selector: { matchLabels: podLabels },
          template: {
            metadata: {
              labels: metadata.labels,
              annotations: { "whisper.platform/configuration": configuration },
            },
            spec: restrictedPod({
              serviceAccount: name,
              usesKubernetesApi: true,
              userId: 65_534,
              graceSeconds: 300,
              spreadOver: podLabels,
              volumes: [
                { name: "configuration", configMap: { name } },
                { name: "data", persistentVolumeClaim: { claimName: name } },
              ],
              containers: [
                {
                  name: "prometheus",
                  image: imageReference(containerImages.prometheus),
                  arguments: [
                    `--config.file=${configurationFolder}/prometheus.yml`,
                    `--storage.tsdb.path=${dataFolder}`,
                    `--storage.tsdb.retention.time=${retentionDays}d`,
                    `--storage.tsdb.retention.size=${Math.floor(diskGib * 0.9 * 1024)}MB`,
                  ],
                  resources,
                  ports: { http: prometheusPort },
                  health: { path: "/-/healthy", port: prometheusPort },
                  // It reads its write-ahead log again before it answers.
                  startupSeconds: 600,
                  mounts: {
                    configuration: { path: configurationFolder, readOnly: true },
                    data: { path: dataFolder, readOnly: false },
                  },
                },
              ],
            }),
          },
        },
      },
      { parent: this, dependsOn: [...namespace.guards, ...before] },
    );
  }
}

/** What everything it consists of has in common. */
interface Place {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  readonly podLabels: Record<string, string>;
  readonly options: pulumi.CustomResourceOptions;
}

function machinesOf({ machines = {} }: PrometheusArgs): Record<string, Machines> {
  return machines;
}

/** @throws ArgumentError with every fault at once */
function judge(name: string, args: PrometheusArgs): void {
  const checks = new ArgumentChecks(name);
  checks.range("retentionDays", args.retentionDays, 1, 90);
  checks.range("diskGib", args.diskGib, 1, 16_384);
  checks.range("scrapeIntervalSeconds", args.scrapeIntervalSeconds, 5, 300);
  if (args.targets.length === 0) {
    checks.add(
      "targets",
      "is empty, so nothing is watched",
      "Name the namespaces and components to collect from.",
    );
  }
  checks.throwIfAny();
}
