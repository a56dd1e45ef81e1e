import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { type StoreDeclaration, storeLabels } from "../store.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createDisruptionBudget, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import type { Resources } from "../workload/pod.ts";
import { checkResources } from "../workload/sizing.ts";
import { rulesFile, scrapeConfiguration } from "./configuration.ts";
import type { Probes } from "./jobs/probes.ts";
import { renderRules } from "./rules/render.ts";
import { ruleSets } from "./rules/rule-sets.ts";
import { createStatefulSet } from "./stateful-set.ts";
import { createAccess, type Machines } from "./targets.ts";
import { prometheusPort } from "./traffic.ts";

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
  /** Namespaces whose pods it collects from, where they are annotated for it. */
  readonly targets: readonly NamespacePlacement[];
  /**
   * Machines outside the cluster that it collects from too, by job.
   * @default none
   * @example { "gpu-worker": { addresses: gpuPool.privateAddresses, port: 9100 } }
   */
  readonly machines?: Record<string, Machines>;
  /**
   * Where every Alertmanager answers, as `host:port`.
   * @default none: alerts are raised, and told to nobody
   * @example alertmanager.addresses
   */
  readonly alertmanagers?: readonly string[];
  /**
   * Public names that are asked as users ask them.
   * @default none
   * @example { prober: blackbox.address, module: "site", addresses: ["https://whisper.example.com"] }
   */
  readonly probes?: Probes;
  /** What it may connect to, and what to it: the traffic plan's for `prometheus`. */
  readonly traffic: PodTraffic;
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
   * Address of the folder of runbooks, which each alert links to a page of.
   * @default "docs/runbooks", the folder's path in the repository
   * @example "https://github.com/example/whisper-platform/blob/main/docs/runbooks"
   */
  readonly runbooks?: string;
  /**
   * Address of Grafana, to whose dashboards alerts link.
   * @default none, and alerts link to runbooks alone
   * @example "https://ops.whisper.example.com/grafana"
   */
  readonly dashboards?: string;
  /**
   * Whether the engine refuses to delete its history.
   * @default true
   */
  readonly protect?: boolean;
}

const defaultScrapeIntervalSeconds = 30;

/** Samples are worth the weeks that they are looked at: nobody copies them, and a new volume begins with none. */
const declaration: StoreDeclaration = {
  store: "volume",
  backup: "none",
  recovery: { point: "everything", time: "1h" },
};

/**
 * Prometheus with a volume of its own, which finds the pods that have metrics and raises the first alerts.
 *
 * It sees the nodes and, in the namespaces it was given, the pods, and nothing else of the cluster. The volume is left some air: at
 * 90 % of it the oldest samples go, before the disk is full.
 *
 * ### Cost
 * The volume is 0.10 $ a GiB and month. Staging: 10 x 0.10 = 1 $ a month. Production: 100 x 0.10 = 10 $ a month.
 *
 * @example
 * ```ts
 * new Prometheus("whisper-staging-monitoring-prometheus", {
 *   ownership, namespace: monitoring.placement, diskGib: 20,
 *   targets: [applicationNamespace.placement], alertmanagers: alertmanager.addresses,
 *   traffic: podTraffic(plan, prometheus),
 *   resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
 * }, { provider: cluster.provider });
 * ```
 */
export class Prometheus extends Component {
  /** Address within the cluster. */
  readonly address: string;
  /** How often it asks. */
  readonly scrapeIntervalSeconds: number;

  constructor(name: string, args: PrometheusArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({
      [name]: (checks) => {
        checkTargets(checks, args);
        checkPrometheusSizing(checks, args);
      },
    });
    super(
      "whisper:prometheus:Prometheus",
      name,
      {
        ...args,
        namespace: args.namespace.name,
        targets: args.targets.map((namespace) => namespace.name),
      },
      options,
    );
    const place = placeOf(name, "prometheus", args, this);

    const machines = args.machines ?? {};
    const access = createAccess(name, args.targets, place);
    const configuration = this.#createConfiguration(name, args, machines, place);
    const traffic = createTrafficPolicy(name, args.traffic, place);
    const volume = this.#createVolume(name, args, place);
    this.#createService(name, place);
    createDisruptionBudget(name, place);
    createStatefulSet(name, { retentionDays: 15, ...args, configuration: configuration.fingerprint }, place, [
      ...args.namespace.guards,
      ...access,
      configuration.map,
      traffic,
      volume,
    ]);

    this.address = `http://${name}.${args.namespace.name}.svc.cluster.local:${prometheusPort}`;
    this.scrapeIntervalSeconds = args.scrapeIntervalSeconds ?? defaultScrapeIntervalSeconds;
    this.registerOutputs({ address: this.address });
  }

  #createConfiguration(
    name: string,
    args: PrometheusArgs,
    machines: Record<string, Machines>,
    { metadata, options }: Place,
  ) {
    const known = Object.values(machines).map((each) => ("addresses" in each ? each.addresses : []));
    const text = pulumi.all(known).apply((addresses) =>
      scrapeConfiguration({
        environment: args.ownership.environment,
        namespaces: args.targets.map((namespace) => namespace.name),
        machines: Object.fromEntries(
          Object.entries(machines).map(([job, each], index) => [
            job,
            "discovery" in each
              ? { discovery: `${each.discovery}?port=${each.port}` }
              : (addresses[index] ?? []).map((address) => `${address}:${each.port}`),
          ]),
        ),
        alertmanagers: args.alertmanagers ?? [],
        probes: args.probes,
        scrapeIntervalSeconds: args.scrapeIntervalSeconds ?? defaultScrapeIntervalSeconds,
      }),
    );
    const data = {
      "prometheus.yml": text,
      [rulesFile]: renderRules(ruleSets, {
        runbooks: args.runbooks ?? "docs/runbooks",
        ...(args.dashboards !== undefined && { dashboards: args.dashboards }),
      }),
    };
    const map = new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
    return { map, fingerprint: fingerprint(data) };
  }

  #createVolume(name: string, { diskGib, protect = true }: PrometheusArgs, { metadata, options }: Place) {
    return new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      {
        metadata: { ...metadata, labels: { ...metadata.labels, ...storeLabels(declaration) } },
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
}

/** Of a {@link Prometheus}' arguments, what is decided by size and care. */
export type PrometheusSizing = Pick<
  PrometheusArgs,
  "retentionDays" | "diskGib" | "scrapeIntervalSeconds" | "resources"
>;

/** Finds what is wrong with the size of a {@link Prometheus}. */
export function checkPrometheusSizing(checks: ArgumentChecks, args: PrometheusSizing): void {
  checks.range("retentionDays", args.retentionDays, 1, 90);
  checks.range("diskGib", args.diskGib, 1, 16_384);
  checks.range("scrapeIntervalSeconds", args.scrapeIntervalSeconds, 5, 300);
  checkResources(checks, "resources", args.resources);
}

function checkTargets(checks: ArgumentChecks, { targets }: PrometheusArgs): void {
  if (targets.length === 0) {
    checks.add(
      "targets",
      "is empty, so nothing is watched",
      "Name the namespaces and components to collect from.",
    );
  }
}
