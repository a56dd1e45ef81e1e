import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { imageReference } from "../image-reference.ts";
import { gib } from "../kubernetes-quantities.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { checkResources } from "../workload/sizing.ts";
import { collectorConfiguration } from "./configuration.ts";
import { collectorPorts } from "./traffic.ts";

/** Arguments of an {@link OpenTelemetryCollector}. */
export interface OpenTelemetryCollectorArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it, and its address with it.
   */
  readonly namespace: NamespacePlacement;
  /** What it may connect to, and what to it: the traffic plan's for `opentelemetry-collector`. */
  readonly traffic: PodTraffic;
  /** Where Jaeger takes spans, as `host:port`. @example jaeger.spans */
  readonly jaeger: string;
  /** Share of the traces that are kept of those that neither failed nor were slow, 0 to 100. */
  readonly ordinaryPercent: number;
  /**
   * Web pages, by origin, whose browsers may send spans.
   * @default none: no browser is listened to
   * @example ["https://whisper.example.com"]
   */
  readonly browserOrigins?: readonly string[];
  /** What it is promised and allowed. */
  readonly resources: Resources;
}

const configurationFolder = "/etc/otelcol";

/**
 * Takes the spans of the application, and of browsers where they are wanted, masks what is personal, waits until a trace is
 * whole, and hands on those that failed, those that were slow and some of the rest.
 *
 * There is one: whether a trace is kept is decided by who has all of its spans. While it starts anew, applications try
 * again, and then let spans go; nobody waits for it.
 *
 * ### Cost
 * Nothing of its own: 50m and 192Mi on the cluster's nodes, 1.50 $ a month of an s-4vcpu-8gb.
 *
 * @example
 * ```ts
 * new OpenTelemetryCollector("whisper-staging-traces", {
 *   ownership, namespace: monitoring.placement, traffic: podTraffic(plan, collector), jaeger: jaeger.spans,
 *   ordinaryPercent: 100, resources: { cpu: "50m", cpuLimit: "500m", memory: "192Mi" },
 * }, { provider: cluster.provider });
 * ```
 */
export class OpenTelemetryCollector extends Component {
  /** Address for whoever has spans, by OTLP over HTTP. */
  readonly endpoint: string;
  /** Where it takes the spans of browsers, for the edge. */
  readonly browsers: { readonly host: string; readonly port: number };

  constructor(name: string, args: OpenTelemetryCollectorArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkCollectorSizing(checks, args) });
    super(
      "whisper:opentelemetry-collector:OpenTelemetryCollector",
      name,
      { ...args, namespace: args.namespace.name },
      options,
    );
    const place = placeOf(name, "opentelemetry-collector", args, this);
    const data = {
      "config.yaml": collectorConfiguration({
        ...args,
        memoryMib: gib(args.resources.memory) * 1024,
        listenOn: "0.0.0.0",
      }),
    };
    const { metadata, options: childOptions } = place;
    const before = [
      ...args.namespace.guards,
      createAccount(name, place),
      new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, childOptions),
      createTrafficPolicy(name, args.traffic, place),
    ];
    this.#createService(name, place);
    this.#createDeployment(name, args.resources, fingerprint(data), place, before);

    const host = `${name}.${args.namespace.name}.svc.cluster.local`;
    this.endpoint = `http://${host}:${collectorPorts.http}`;
    this.browsers = { host, port: collectorPorts.browsers };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  #createDeployment(
    name: string,
    resources: Resources,
    configuration: pulumi.Output<string>,
    { metadata, podLabels, options }: Place,
    before: readonly pulumi.Resource[],
  ): void {
    new kubernetes.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1,
          revisionHistoryLimit: 5,
          selector: { matchLabels: podLabels },
          // The new one first: what it does not get yet, the old one has.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: {
            metadata: {
              labels: metadata.labels,
              annotations: {
                "whisper.platform/configuration": configuration,
                "prometheus.io/scrape": "true",
                "prometheus.io/port": String(collectorPorts.metrics),
              },
            },
            spec: restrictedPod({
              serviceAccount: name,
              priority: "monitoring",
              // What it holds back is judged before it goes.
              graceSeconds: 45,
              volumes: [{ name: "configuration", configMap: { name } }],
              containers: [
                {
                  name: "collector",
                  image: imageReference(containerImages.openTelemetryCollector),
                  arguments: [`--config=${configurationFolder}/config.yaml`],
                  resources,
                  ports: collectorPorts,
                  health: { path: "/", port: collectorPorts.health },
                  mounts: { configuration: { path: configurationFolder, readOnly: true } },
                },
              ],
            }),
          },
        },
      },
      { ...options, dependsOn: [...before] },
    );
  }

  #createService(name: string, { metadata, podLabels, options }: Place): void {
    const { http, browsers } = collectorPorts;
    new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: Object.entries({ http, browsers }).map(([portName, port]) => ({
            name: portName,
            port,
            targetPort: port,
            protocol: "TCP",
          })),
        },
      },
      options,
    );
  }
}

/** Of an {@link OpenTelemetryCollector}'s arguments, what is decided by size. */
export type CollectorSizing = Pick<OpenTelemetryCollectorArgs, "ordinaryPercent" | "resources">;

/** Finds what is wrong with the size of an {@link OpenTelemetryCollector}. */
export function checkCollectorSizing(checks: ArgumentChecks, args: CollectorSizing): void {
  checks.range("ordinaryPercent", args.ordinaryPercent, 0, 100);
  checkResources(checks, "resources", args.resources);
}
