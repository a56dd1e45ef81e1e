import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { imageReference } from "../image-reference.ts";
import type { BucketGrant, LogStore } from "../joints.ts";
import { gib } from "../kubernetes-quantities.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { storeLabels } from "../store.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { claimTemplate, createClaims, dataVolume, ofStatefulSet } from "../workload/claims.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { checkResources } from "../workload/sizing.ts";
import { bucketVariables, folders, lokiConfiguration } from "./configuration.ts";
import { lokiPort } from "./traffic.ts";

/** Of a Loki's arguments, what is decided by size and care. */
export interface LokiSizing {
  /** How long lines are kept. */
  readonly retentionDays: number;
  /** Volume for what is not in the bucket yet; it can grow in place, and never shrink. */
  readonly diskGib: number;
  /** What it is promised and allowed. */
  readonly resources: Resources;
}

/** Arguments of a {@link Loki}. */
export interface LokiArgs extends LokiSizing {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it; what is in the bucket stays.
   */
  readonly namespace: NamespacePlacement;
  /** Where it keeps what it is sent. */
  readonly bucket: BucketGrant;
  /** What it may connect to, and what to it: the traffic plan's for `loki`. */
  readonly traffic: PodTraffic;
  /**
   * Whether the engine refuses to delete its volume.
   * @default true
   */
  readonly protect?: boolean;
}

/** What is not in the bucket yet: an hour of logs, which nobody copies. */
const declaration: StoreDeclaration = {
  store: "volume",
  backup: "none",
  recovery: { point: "everything", time: "1h" },
};

/** As its image has it. */
const userId = 10_001;

/**
 * Loki: logs, found by a few labels and searched line by line. Chunks and index are in a bucket, so that no disk fills up
 * with them and a lost volume takes an hour with it and no more.
 *
 * ### Cost
 * 0.10 $ a GiB and month for the volume. Staging: 1 x 5 x 0.10 = 0.50 $ a month. What the bucket holds is within the
 * subscription of all buckets: compressed, 30 days of a gibibyte a day are some 4 GiB.
 *
 * @example
 * ```ts
 * new Loki("whisper-staging-loki", {
 *   ownership, namespace: logs.placement, bucket: buckets.logs.grants.store, traffic: podTraffic(plan, lokiTraffic),
 *   retentionDays: 30, diskGib: 5, resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
 * }, { provider: cluster.provider });
 * ```
 */
export class Loki extends Component {
  /** For whoever ships logs. */
  readonly store: LogStore;
  /** Address within the cluster, for whoever asks. */
  readonly address: string;

  constructor(name: string, args: LokiArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkLoki(checks, args) });
    super("whisper:loki:Loki", name, { ...args, namespace: args.namespace.name }, options);
    const place = placeOf(name, "loki", args, this);
    const volume = { spec: claimSpec(args), storeLabels: storeLabels(declaration) };
    const configuration = { "loki.yaml": lokiConfiguration(settingsOf(args)) };
    const secrets = bucketEnvironment(args.bucket);

    this.#createStatefulSet(
      name,
      args,
      { ...volume, fingerprint: fingerprint(configuration, secrets) },
      place,
      [
        ...args.namespace.guards,
        createAccount(name, place),
        this.#createConfiguration(name, configuration, place),
        this.#createSecret(name, secrets, place),
        createTrafficPolicy(name, args.traffic, place),
        ...createClaims(name, { ...volume, count: 1, protect: args.protect ?? true }, place),
        this.#createService(name, place),
      ],
    );

    const host = `${name}.${args.namespace.name}.svc.cluster.local`;
    this.store = { kind: "loki", host, port: lokiPort };
    this.address = `http://${host}:${lokiPort}`;
    this.registerOutputs({ address: this.address });
  }

  #createConfiguration(name: string, data: Record<string, string>, { metadata, options }: Place) {
    return new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
  }

  #createSecret(
    name: string,
    variables: Record<string, pulumi.Output<string>>,
    { metadata, options }: Place,
  ) {
    const data = Object.fromEntries(
      Object.entries(variables).map(([variable, value]) => [variable, base64(value)]),
    );
    return new kubernetes.core.v1.Secret(`${name}-bucket`, { metadata, type: "Opaque", data }, options);
  }

  #createService(name: string, { metadata, podLabels, options }: Place) {
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: [{ name: "http", port: lokiPort, targetPort: lokiPort, protocol: "TCP" }],
        },
      },
      options,
    );
  }

  #createStatefulSet(
    name: string,
    { resources }: LokiArgs,
    volume: Parameters<typeof claimTemplate>[0] & { readonly fingerprint: pulumi.Output<string> },
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
                "whisper.platform/configuration": volume.fingerprint,
                "prometheus.io/scrape": "true",
                "prometheus.io/port": String(lokiPort),
                "prometheus.io/path": "/metrics",
              },
            },
            spec: restrictedPod({
              serviceAccount: name,
              userId,
              priority: "monitoring",
              // It sends to the bucket what it has in memory before it ends.
              graceSeconds: 300,
              volumes: [{ name: "configuration", configMap: { name } }],
              containers: [
                {
                  name: "loki",
                  image: imageReference(containerImages.loki),
                  arguments: [`-config.file=${folders.configuration}/loki.yaml`, "-config.expand-env=true"],
                  environmentFrom: [{ secret: name }],
                  resources,
                  ports: { http: lokiPort },
                  health: { path: "/metrics", port: lokiPort },
                  readiness: { path: "/ready", port: lokiPort },
                  startupSeconds: 600,
                  mounts: {
                    configuration: { path: folders.configuration, readOnly: true },
                    [dataVolume]: { path: folders.data, readOnly: false },
                  },
                },
              ],
            }),
          },
          volumeClaimTemplates: [claimTemplate(volume)],
        },
      },
      { ...options, ...ofStatefulSet(before) },
    );
  }
}

const claimSpec = ({ diskGib }: LokiSizing) => ({
  accessModes: ["ReadWriteOnce"],
  storageClassName: "do-block-storage",
  resources: { requests: { storage: `${diskGib}Gi` } },
});

const settingsOf = ({ retentionDays, resources }: LokiSizing) => ({
  retentionDays,
  memoryMib: gib(resources.memory) * 1024,
});

/** Which bucket, and by which key. Secret. */
function bucketEnvironment(grant: BucketGrant): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    (Object.entries(bucketVariables) as [keyof typeof bucketVariables, string][]).map(([of, variable]) => [
      variable,
      pulumi.output(grant[of]),
    ]),
  );
}

/** Finds what is wrong with the size of a {@link Loki}. */
export function checkLoki(checks: ArgumentChecks, args: LokiSizing): void {
  checks.range("retentionDays", args.retentionDays, 1, 365);
  // An hour of a flood that its limits let through is 8 MB x 3600 s = 28 GB; an hour of what is usual some 100 MiB.
  checks.range("diskGib", args.diskGib, 5, 16_384);
  checkResources(checks, "resources", args.resources);
  checks.check(
    "resources.memory",
    args.resources.memory,
    (memory) => !(gib(memory) < 0.5),
    (memory) => `is ${memory}, and what comes between two writes to the bucket has to be in it`,
    "Give at least 512Mi.",
  );
}
