import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { imageReference } from "../image-reference.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { storeLabels } from "../store.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { claimTemplate, createClaims, dataVolume, ofStatefulSet } from "../workload/claims.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { checkResources } from "../workload/sizing.ts";
import { jaegerConfiguration } from "./configuration.ts";
import { jaegerPorts } from "./traffic.ts";

/** Arguments of {@link Jaeger}. */
export interface JaegerArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it, and its traces with it.
   */
  readonly namespace: NamespacePlacement;
  /** What it may connect to, and what to it: the traffic plan's for `jaeger`. */
  readonly traffic: PodTraffic;
  /**
   * How long a trace is kept.
   * @default 3
   */
  readonly retentionDays?: number;
  /** Its volume; it can be enlarged later, never made smaller. */
  readonly diskGib: number;
  /** What it is promised and allowed. */
  readonly resources: Resources;
  /**
   * Whether the engine refuses to delete its volume.
   * @default true
   */
  readonly protect?: boolean;
}

/** Of a trace that is lost, the next one like it tells as much. */
const declaration: StoreDeclaration = {
  store: "volume",
  backup: "none",
  recovery: { point: "everything", time: "1h" },
};

const configurationFolder = "/etc/jaeger";
const dataFolder = "/badger";

/**
 * Jaeger 2: keeps the traces that the collector hands it, for some days, in files on a volume of its own, and shows them. There
 * is one, as Badger is opened by one process alone; while its node is replaced the collector holds what comes for some minutes.
 *
 * It has no sign-in of its own, so that no way leads to it from outside: who may forward ports in the cluster opens its
 * pages, and Grafana asks it.
 *
 * ### Cost
 * The volume is 0.10 $ a GiB and month. Staging: 5 x 0.10 = 0.50 $ a month. Production: 50 x 0.10 = 5 $ a month.
 *
 * @example
 * ```ts
 * new Jaeger("whisper-staging-jaeger", {
 *   ownership, namespace: monitoring.placement, traffic: podTraffic(plan, jaeger), diskGib: 5,
 *   resources: { cpu: "25m", cpuLimit: "500m", memory: "256Mi" },
 * }, { provider: cluster.provider });
 * ```
 */
export class Jaeger extends Component {
  /** Where it takes spans within the cluster, as `host:port`. */
  readonly spans: string;
  /** Address of its API within the cluster, for Grafana. */
  readonly address: string;

  constructor(name: string, args: JaegerArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkJaegerSizing(checks, args) });
    super("whisper:jaeger:Jaeger", name, { ...args, namespace: args.namespace.name }, options);
    const place = placeOf(name, "jaeger", args, this);
    const { retentionDays = 3, protect = true } = args;
    const data = {
      "config.yaml": jaegerConfiguration({
        retentionHours: retentionDays * 24,
        dataFolder,
        listenOn: "0.0.0.0",
      }),
    };
    const volume = {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "do-block-storage",
        resources: { requests: { storage: `${args.diskGib}Gi` } },
      },
      storeLabels: storeLabels(declaration),
    };
    const { metadata, options: childOptions } = place;
    const configuration = new kubernetes.core.v1.ConfigMap(
      `${name}-configuration`,
      { metadata, data },
      childOptions,
    );
    const before = [
      ...args.namespace.guards,
      createAccount(name, place),
      configuration,
      createTrafficPolicy(name, args.traffic, place),
      ...createClaims(name, { ...volume, count: 1, protect }, place),
      this.#createService(name, place),
    ];
    this.#createStatefulSet(
      name,
      args.resources,
      { volume, configuration: fingerprint(data) },
      place,
      before,
    );

    const host = `${name}.${args.namespace.name}.svc.cluster.local`;
    this.spans = `${host}:${jaegerPorts.spans}`;
    this.address = `http://${host}:${jaegerPorts.query}`;
    this.registerOutputs({ spans: this.spans, address: this.address });
  }

  #createStatefulSet(
    name: string,
    resources: Resources,
    {
      volume,
      configuration,
    }: {
      readonly volume: Parameters<typeof claimTemplate>[0];
      readonly configuration: pulumi.Output<string>;
    },
    { metadata, podLabels, options }: Place,
    before: readonly pulumi.Resource[],
  ): void {
    new kubernetes.apps.v1.StatefulSet(
      `${name}-stateful-set`,
      {
        metadata,
        spec: {
          serviceName: name,
          replicas: 1,
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
          selector: { matchLabels: podLabels },
          template: {
            metadata: {
              labels: metadata.labels,
              annotations: {
                "whisper.platform/configuration": configuration,
                "prometheus.io/scrape": "true",
                "prometheus.io/port": String(jaegerPorts.metrics),
              },
            },
            spec: restrictedPod({
              serviceAccount: name,
              priority: "monitoring",
              graceSeconds: 60,
              volumes: [{ name: "configuration", configMap: { name } }],
              containers: [
                {
                  name: "jaeger",
                  image: imageReference(containerImages.jaeger),
                  arguments: [`--config=${configurationFolder}/config.yaml`],
                  // Or it would keep a trace of each question that it is asked, past the collector.
                  environment: { OTEL_TRACES_SAMPLER: "always_off" },
                  resources,
                  ports: jaegerPorts,
                  health: { path: "/status", port: jaegerPorts.health },
                  // It reads its log of values again before it answers.
                  startupSeconds: 300,
                  mounts: {
                    configuration: { path: configurationFolder, readOnly: true },
                    [dataVolume]: { path: dataFolder, readOnly: false },
                  },
                },
              ],
            }),
          },
          volumeClaimTemplates: [claimTemplate(volume)],
        },
      },
      // Kubernetes lets no template of a claim be changed. The claim itself is, and grows.
      { ...options, ...ofStatefulSet(before) },
    );
  }

  #createService(name: string, { metadata, podLabels, options }: Place): pulumi.Resource {
    const port = (portName: string, number: number) => ({
      name: portName,
      port: number,
      targetPort: number,
      protocol: "TCP",
    });
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: [port("spans", jaegerPorts.spans), port("query", jaegerPorts.query)],
        },
      },
      options,
    );
  }
}

/** Of a {@link Jaeger}'s arguments, what is decided by size and care. */
export type JaegerSizing = Pick<JaegerArgs, "retentionDays" | "diskGib" | "resources">;

/** Finds what is wrong with the size of a {@link Jaeger}. */
export function checkJaegerSizing(checks: ArgumentChecks, args: JaegerSizing): void {
  checks.range("retentionDays", args.retentionDays, 1, 90);
  checks.range("diskGib", args.diskGib, 1, 16_384);
  checkResources(checks, "resources", args.resources);
}
