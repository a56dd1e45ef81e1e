import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { type ClaimSettings, claimTemplate, dataVolume, ofStatefulSet } from "../workload/claims.ts";
import type { Place } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { secretsFolder } from "./jobs/databases.ts";
import { usedShare } from "./sizing.ts";
import { prometheusPort } from "./traffic.ts";

const configurationFolder = "/etc/prometheus";
const dataFolder = "/prometheus";

/** What tells one Prometheus' pods from another's. */
interface StatefulSetSettings {
  readonly replicas: number;
  readonly retentionDays: number;
  readonly diskGib: number;
  readonly resources: Resources;
  readonly usesKubernetesApi: boolean;
  /** Whether there is a Secret of its name, for it to read. */
  readonly hasSecrets: boolean;
  /** What it reads. */
  readonly configuration: {
    /** The ConfigMap that it is in. */
    readonly map: string;
    /** Its name in there. */
    readonly file: string;
    /** So that a change rolls the pods. */
    readonly fingerprint: pulumi.Output<string>;
  };
  /** What each keeps its samples on. */
  readonly volume: Pick<ClaimSettings, "spec" | "storeLabels">;
}

/** What the claim of each replica asks for. */
export const claimSpecOf = (diskGib: number) => ({
  accessModes: ["ReadWriteOnce"],
  storageClassName: "do-block-storage",
  resources: { requests: { storage: `${diskGib}Gi` } },
});

/** The pods that collect, once there is `before`. */
export function createStatefulSet(
  name: string,
  settings: StatefulSetSettings,
  { metadata, podLabels, options }: Place,
  before: readonly pulumi.Resource[],
): void {
  const { replicas, retentionDays, diskGib, configuration, volume } = settings;
  new kubernetes.apps.v1.StatefulSet(
    `${name}-stateful-set`,
    {
      metadata,
      spec: {
        serviceName: name,
        replicas,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: podLabels },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "whisper.platform/configuration": configuration.fingerprint },
          },
          spec: restrictedPod({
            serviceAccount: name,
            usesKubernetesApi: settings.usesKubernetesApi,
            userId: 65_534,
            priority: "monitoring",
            graceSeconds: 300,
            spreadOver: podLabels,
            volumes: [
              { name: "configuration", configMap: { name: configuration.map } },
              ...(settings.hasSecrets
                ? [{ name: "secrets", secret: { secretName: name, defaultMode: 0o440 } }]
                : []),
            ],
            containers: [
              {
                name: "prometheus",
                image: imageReference(containerImages.prometheus),
                arguments: [
                  `--config.file=${configurationFolder}/${configuration.file}`,
                  `--storage.tsdb.path=${dataFolder}`,
                  `--storage.tsdb.retention.time=${retentionDays}d`,
                  `--storage.tsdb.retention.size=${Math.floor(diskGib * usedShare * 1024)}MB`,
                  // Traces of slow requests, beside the figures that count them.
                  "--enable-feature=exemplar-storage",
                ],
                // Its configuration tells replicas apart by the name of the pod.
                environment: {},
                resources: settings.resources,
                ports: { http: prometheusPort },
                health: { path: "/-/healthy", port: prometheusPort },
                readiness: { path: "/-/ready", port: prometheusPort },
                // It reads its write-ahead log again before it answers.
                startupSeconds: 600,
                mounts: {
                  configuration: { path: configurationFolder, readOnly: true },
                  ...(settings.hasSecrets && { secrets: { path: secretsFolder, readOnly: true } }),
                  [dataVolume]: { path: dataFolder, readOnly: false },
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
