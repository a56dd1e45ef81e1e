import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { storeLabels } from "../store.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createClaims } from "../workload/claims.ts";
import { createAccount, createDisruptionBudget, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { configurationFile, rulesFile, scrapeConfiguration } from "./configuration.ts";
import { createDatabaseAccess, type Databases, measuredDatabases } from "./databases.ts";
import {
  type HistoryArgs,
  historyConfiguration,
  historyConfigurationFile,
  historyIntervalSeconds,
  historyRetentionDays,
  historySeries,
} from "./history.ts";
import type { Probes } from "./jobs/probes.ts";
import { renderRules } from "./rules/render.ts";
import { ruleSets } from "./rules/rule-sets.ts";
import { checkHolds, resourcesFor } from "./sizing.ts";
import { claimSpecOf, createStatefulSet } from "./stateful-set.ts";
import { createAccess, type Machines } from "./targets.ts";
import { historyParty, prometheusPort } from "./traffic.ts";

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
  /**
   * Servers within the cluster whose certificates the stack makes: when they end is asked.
   * @default none
   * @example { prober: blackbox.address, module: "certificate", addresses: [neo4j.address] }
   */
  readonly certificates?: Probes;
  /**
   * Managed databases whose processors, memory and disk DigitalOcean measures, by what their series are told by.
   * @default none
   * @example { "whisper-staging-postgres": postgres.metrics }
   */
  readonly databases?: Databases;
  /** What it may connect to, and what to it: the traffic plan's for `prometheus`. */
  readonly traffic: PodTraffic;
  /** As {@link traffic}, of the second one: the traffic plan's for `prometheus-history`. */
  readonly historyTraffic: PodTraffic;
  /**
   * How long every sample is kept.
   * @default 15
   */
  readonly retentionDays?: number;
  /** Volume of each replica; it can be enlarged later, never made smaller. */
  readonly diskGib: number;
  /**
   * Series that it is to hold, by which its processors and memory are measured out; `SeriesGrow` tells when they become many
   * more, and `prometheus_tsdb_head_series` how many there are.
   */
  readonly series: number;
  /**
   * How many there are. Two ask everybody and raise every alert, each for itself, and Alertmanager takes the same alert for
   * one.
   * @default 1: while its node is replaced, nothing is watched
   */
  readonly replicas?: 1 | 2;
  /** A second, small one, which keeps what the rules record. */
  readonly history: HistoryArgs;
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
const defaultRetentionDays = 15;

/** Samples are worth the weeks that they are looked at: nobody copies them, and a new volume begins with none. */
const declaration: StoreDeclaration = {
  store: "volume",
  backup: "none",
  recovery: { point: "everything", time: "1h" },
};

/**
 * Prometheus with volumes of its own, which finds whatever has metrics and raises alerts; and a second, small one, which
 * keeps what the rules record for longer.
 *
 * It sees the nodes and, in the namespaces it was given, the pods, and nothing else of the cluster. Volumes are left some
 * air: at 90 % the oldest samples go, before a disk is full.
 *
 * ### Cost
 * Volumes are 0.10 $ a GiB and month. Staging: 10 x 0.10 + 5 x 0.10 = 1.50 $ a month.
 * Production: 2 x 100 x 0.10 + 5 x 0.10 = 20.50 $ a month.
 *
 * @example
 * ```ts
 * new Prometheus("whisper-staging-monitoring-prometheus", {
 *   ownership, namespace: monitoring.placement, series: 20_000, diskGib: 20, history: { diskGib: 5 },
 *   targets: [applicationNamespace.placement], alertmanagers: alertmanager.addresses,
 *   traffic: podTraffic(plan, prometheus),
 * }, { provider: cluster.provider });
 * ```
 */
export class Prometheus extends Component {
  /** Address within the cluster. */
  readonly address: string;
  /** Address within the cluster of the one that keeps aggregates. */
  readonly historyAddress: string;
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
        databases: Object.keys(args.databases ?? {}),
      },
      options,
    );
    const place = placeOf(name, "prometheus", args, this);

    const configuration = this.#createConfiguration(name, args, args.machines ?? {}, place);
    const common = [...args.namespace.guards, configuration.map];
    this.#createCollector(name, args, configuration, place, common);
    this.#createHistory(`${name}-history`, args, configuration, name, common);

    const host = (of: string) => `${of}.${args.namespace.name}.svc.cluster.local`;
    this.address = `http://${host(name)}:${prometheusPort}`;
    this.historyAddress = `http://${host(`${name}-history`)}:${prometheusPort}`;
    this.scrapeIntervalSeconds = args.scrapeIntervalSeconds ?? defaultScrapeIntervalSeconds;
    this.registerOutputs({ address: this.address });
  }

  /** The one that asks, keeps every sample for some weeks, and raises alerts. */
  #createCollector(
    name: string,
    args: PrometheusArgs,
    { fingerprint: print }: Configuration,
    place: Place,
    common: readonly pulumi.Resource[],
  ): void {
    const { replicas = 1, diskGib, protect = true } = args;
    const volume = { spec: claimSpecOf(diskGib), storeLabels: storeLabels(declaration) };
    const databaseAccess = createDatabaseAccess(name, args.databases ?? {}, place);
    const before = [
      ...common,
      ...(databaseAccess ? [databaseAccess] : []),
      ...createAccess(name, args.targets, place),
      createTrafficPolicy(name, args.traffic, place),
      ...createClaims(name, { ...volume, count: replicas, protect }, place),
      // Who reads a graph twice reads it from the same replica.
      this.#createService(name, place, { sessionAffinity: "ClientIP" }),
    ];
    if (replicas > 1) createDisruptionBudget(name, place);
    const configuration = {
      map: place.metadata.name,
      file: configurationFile,
      fingerprint: print(configurationFile, rulesFile),
    };
    createStatefulSet(
      name,
      {
        replicas,
        diskGib,
        volume,
        configuration,
        retentionDays: args.retentionDays ?? defaultRetentionDays,
        resources: resourcesFor(args.series),
        hasSecrets: databaseAccess !== undefined,
        usesKubernetesApi: true,
      },
      place,
      before,
    );
  }

  /** The one that keeps what the other records. */
  #createHistory(
    name: string,
    args: PrometheusArgs,
    { fingerprint: print }: Configuration,
    main: string,
    common: readonly pulumi.Resource[],
  ): void {
    const { diskGib, retentionDays = historyRetentionDays } = args.history;
    const place = placeOf(name, historyParty, args, this);
    const volume = { spec: claimSpecOf(diskGib), storeLabels: storeLabels(declaration) };
    createStatefulSet(
      name,
      {
        replicas: 1,
        diskGib,
        volume,
        retentionDays,
        configuration: {
          map: main,
          file: historyConfigurationFile,
          fingerprint: print(historyConfigurationFile),
        },
        resources: resourcesFor(historySeries),
        hasSecrets: false,
        usesKubernetesApi: false,
      },
      place,
      [
        ...common,
        createAccount(name, place),
        createTrafficPolicy(name, args.historyTraffic, place),
        ...createClaims(name, { ...volume, count: 1, protect: args.protect ?? true }, place),
        this.#createService(name, place),
      ],
    );
  }

  #createConfiguration(
    name: string,
    args: PrometheusArgs,
    machines: Record<string, Machines>,
    { metadata, options }: Place,
  ): Configuration {
    const known = Object.values(machines).map((each) => ("addresses" in each ? each.addresses : []));
    const databases = measuredDatabases(args.databases ?? {});
    const text = pulumi.all([pulumi.all(known), databases]).apply(([addresses, measured]) =>
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
        certificates: args.certificates,
        databases: measured,
        history: `${name}-history.${metadata.namespace}.svc.cluster.local:${prometheusPort}`,
        scrapeIntervalSeconds: args.scrapeIntervalSeconds ?? defaultScrapeIntervalSeconds,
      }),
    );
    const data = {
      [configurationFile]: text,
      [rulesFile]: renderRules(ruleSets, {
        runbooks: args.runbooks ?? "docs/runbooks",
        ...(args.dashboards !== undefined && { dashboards: args.dashboards }),
      }),
      [historyConfigurationFile]: historyConfiguration({ metadata }, prometheusPort),
    };
    const map = new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
    const own = (file: string) => Object.entries(data).filter(([name]) => name === file);
    return { map, fingerprint: (...files) => fingerprint(Object.fromEntries(files.flatMap(own))) };
  }

  #createService(
    name: string,
    { metadata, podLabels, options }: Place,
    more: { readonly sessionAffinity?: string } = {},
  ): pulumi.Resource {
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          ...more,
          selector: podLabels,
          ports: [{ name: "http", port: prometheusPort, targetPort: prometheusPort, protocol: "TCP" }],
        },
      },
      options,
    );
  }
}

/** What both read, and what changes when it does. */
interface Configuration {
  readonly map: kubernetes.core.v1.ConfigMap;
  readonly fingerprint: (...files: string[]) => pulumi.Output<string>;
}

/** Of a {@link Prometheus}' arguments, what is decided by size and care. */
export type PrometheusSizing = Pick<
  PrometheusArgs,
  "retentionDays" | "diskGib" | "scrapeIntervalSeconds" | "series" | "replicas" | "history"
>;

/** Finds what is wrong with the size of a {@link Prometheus}. */
export function checkPrometheusSizing(checks: ArgumentChecks, args: PrometheusSizing): void {
  checks.range("retentionDays", args.retentionDays, 1, 90);
  checks.range("diskGib", args.diskGib, 1, 16_384);
  checks.range("scrapeIntervalSeconds", args.scrapeIntervalSeconds, 5, 300);
  checks.range("series", args.series, 1_000, 10_000_000);
  checks.range("history.retentionDays", args.history.retentionDays, 1, 3_650);
  checks.range("history.diskGib", args.history.diskGib, 1, 16_384);
  checkHolds(checks, "diskGib", args.diskGib, {
    series: args.series,
    retentionDays: args.retentionDays ?? defaultRetentionDays,
    scrapeIntervalSeconds: args.scrapeIntervalSeconds ?? defaultScrapeIntervalSeconds,
  });
  checkHolds(checks, "history.diskGib", args.history.diskGib, {
    series: historySeries,
    retentionDays: args.history.retentionDays ?? historyRetentionDays,
    scrapeIntervalSeconds: historyIntervalSeconds,
  });
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
