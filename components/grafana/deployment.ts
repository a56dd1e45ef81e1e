import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import type { Place } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { folders } from "./configuration.ts";
import { grafanaPort } from "./traffic.ts";

/** What Grafana is promised and allowed; it was seen to be ended with less than half of that memory by others. */
export const grafanaResources: Resources = { cpu: "50m", cpuLimit: "500m", memory: "512Mi" };

const unpackResources: Resources = { cpu: "10m", cpuLimit: "100m", memory: "32Mi" };

/** The user that the image is made for. */
const grafanaUser = 472;

/** Unpacks each dashboard into the folder of its own name. */
const unpack = `set -eu
cd ${folders.packed}
for file in */*.json.gz; do
  mkdir -p "${folders.dashboards}/\${file%/*}"
  gunzip -c "$file" > "${folders.dashboards}/\${file%.gz}"
done`;

/** Files of the ConfigMap: its key, and where it goes. */
export interface MountedFile {
  readonly key: string;
  readonly path: string;
}

/** What tells one Grafana's pod from another's. */
interface PodSettings {
  readonly configurationFiles: readonly MountedFile[];
  readonly dashboardFiles: readonly MountedFile[];
  /** Fingerprint of all that it reads when it starts, so that a change of it rolls the pod. */
  readonly fingerprint: pulumi.Output<string>;
}

/** The pod, once there is `before`. */
export function createDeployment(
  name: string,
  { configurationFiles, dashboardFiles, fingerprint }: PodSettings,
  { metadata, podLabels, options }: Place,
  before: readonly pulumi.Resource[],
): void {
  const image = imageReference(containerImages.grafana);
  const dashboards = (readOnly: boolean) => ({ dashboards: { path: folders.dashboards, readOnly } });
  new kubernetes.apps.v1.Deployment(
    `${name}-deployment`,
    {
      metadata,
      spec: {
        replicas: 1,
        revisionHistoryLimit: 5,
        progressDeadlineSeconds: 600,
        selector: { matchLabels: podLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: {
              "whisper.platform/configuration": fingerprint,
              "prometheus.io/scrape": "true",
              "prometheus.io/port": String(grafanaPort),
              "prometheus.io/path": "/metrics",
            },
          },
          spec: restrictedPod({
            serviceAccount: name,
            userId: grafanaUser,
            priority: "monitoring",
            volumes: [
              { name: "configuration", configMap: { name, items: [...configurationFiles] } },
              { name: "packed", configMap: { name, items: [...dashboardFiles] } },
              { name: "secrets", secret: { secretName: name, defaultMode: 0o440 } },
              { name: "dashboards", emptyDir: { sizeLimit: "16Mi" } },
            ],
            preparations: [
              {
                name: "unpack",
                image,
                command: ["sh", "-c", unpack],
                resources: unpackResources,
                scratchFolders: [],
                mounts: { packed: { path: folders.packed, readOnly: true }, ...dashboards(false) },
              },
            ],
            containers: [
              {
                name: "grafana",
                image,
                resources: grafanaResources,
                ports: { http: grafanaPort },
                health: { path: "/api/health", port: grafanaPort },
                // Its first start makes a database.
                startupSeconds: 180,
                scratchFolders: ["/tmp", folders.data],
                mounts: {
                  configuration: { path: folders.configuration, readOnly: true },
                  secrets: { path: folders.secrets, readOnly: true },
                  ...dashboards(true),
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
