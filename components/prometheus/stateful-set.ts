import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import type { Place } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { prometheusPort } from "./traffic.ts";

const configurationFolder = "/etc/prometheus";
const dataFolder = "/prometheus";

/** What tells one Prometheus' pod from another's. */
interface StatefulSetSettings {
  readonly retentionDays: number;
  readonly diskGib: number;
  readonly resources: Resources;
  /** Fingerprint of what it reads, so that a change of it rolls the pod. */
  readonly configuration: pulumi.Output<string>;
}

/** The pod that collects, once there is `before`; its ConfigMap and its claim bear the Prometheus' own name. */
export function createStatefulSet(
  name: string,
  { retentionDays, diskGib, resources, configuration }: StatefulSetSettings,
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
            priority: "monitoring",
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
    { ...options, dependsOn: [...before] },
  );
}
