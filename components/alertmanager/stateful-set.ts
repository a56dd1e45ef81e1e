import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { type ClaimSettings, claimTemplate, dataVolume, ofStatefulSet } from "../workload/claims.ts";
import type { Place } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import type { ConfigurationFolders } from "./configuration.ts";
import { alertmanagerPorts } from "./traffic.ts";

/** Where the pods find what they read. */
export const folders: ConfigurationFolders = {
  configuration: "/etc/alertmanager",
  secrets: "/etc/alertmanager-secrets",
};

const dataFolder = "/alertmanager";

/** What each replica is promised and allowed: it holds some hundred alerts, and sends a few messages. */
export const alertmanagerResources: Resources = { cpu: "25m", cpuLimit: "200m", memory: "64Mi" };

/** What the claim of each replica asks for: DigitalOcean has no smaller volume. */
export const claimSpec = {
  accessModes: ["ReadWriteOnce"],
  storageClassName: "do-block-storage",
  resources: { requests: { storage: "1Gi" } },
};

/** Host of each replica. */
export const hostsOf = ({ name, namespace }: Place["metadata"], replicas: number): string[] =>
  Array.from(
    { length: replicas },
    (_, ordinal) => `${name}-${ordinal}.${name}.${namespace}.svc.cluster.local`,
  );

/** What tells one Alertmanager's pods from another's. */
interface StatefulSetSettings {
  readonly replicas: number;
  /** Whether there is a Secret to mount. */
  readonly hasSecrets: boolean;
  /** What each keeps its silences on. */
  readonly volume: Pick<ClaimSettings, "spec" | "storeLabels">;
  /** Fingerprint of the configuration, so that a change of it rolls the pods. Secrets are read anew for each message. */
  readonly configuration: pulumi.Output<string>;
}

/** The pods, once there is `before`. */
export function createStatefulSet(
  name: string,
  { replicas, hasSecrets, volume, configuration }: StatefulSetSettings,
  { metadata, podLabels, options }: Place,
  before: readonly pulumi.Resource[],
): void {
  const peers = hostsOf(metadata, replicas).map(
    (host) => `--cluster.peer=${host}:${alertmanagerPorts.gossip}`,
  );
  new kubernetes.apps.v1.StatefulSet(
    `${name}-stateful-set`,
    {
      metadata,
      spec: {
        serviceName: name,
        replicas,
        podManagementPolicy: "Parallel",
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: podLabels },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "whisper.platform/configuration": configuration },
          },
          spec: restrictedPod({
            serviceAccount: name,
            userId: 65_534,
            priority: "monitoring",
            spreadOver: podLabels,
            volumes: [
              { name: "configuration", configMap: { name } },
              ...(hasSecrets ? [{ name: "secrets", secret: { secretName: name, defaultMode: 0o440 } }] : []),
            ],
            containers: [
              {
                name: "alertmanager",
                image: imageReference(containerImages.alertmanager),
                arguments: [
                  `--config.file=${folders.configuration}/alertmanager.yml`,
                  `--storage.path=${dataFolder}`,
                  `--web.listen-address=:${alertmanagerPorts.http}`,
                  ...(replicas === 1
                    ? ["--cluster.listen-address="]
                    : [`--cluster.listen-address=:${alertmanagerPorts.gossip}`, ...peers]),
                ],
                resources: alertmanagerResources,
                ports: alertmanagerPorts,
                health: { path: "/-/healthy", port: alertmanagerPorts.http },
                readiness: { path: "/-/ready", port: alertmanagerPorts.http },
                mounts: {
                  configuration: { path: folders.configuration, readOnly: true },
                  ...(hasSecrets && { secrets: { path: folders.secrets, readOnly: true } }),
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
