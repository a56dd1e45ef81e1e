import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { type ClaimSettings, claimTemplate, dataVolume, ofStatefulSet } from "../workload/claims.ts";
import type { Place } from "../workload/place.ts";
import { type ContainerArgs, restrictedPod } from "../workload/pod.ts";
import type { ElasticsearchSizing } from "./arguments.ts";
import { certificateFiles, folders } from "./configuration.ts";
import { elasticsearchPorts } from "./traffic.ts";

/** As the image has it. */
const userId = 1000;

/** Objects that the nodes read, by their names, and what rolls them. */
interface NodeObjects {
  readonly configurationMap: string;
  /** Who there is. */
  readonly users: string;
  /** Where the bucket is, and the key to it, as environment variables. */
  readonly bucket: string;
  readonly certificates: string;
  /** Fingerprint of what they read, so that a change of it restarts them, one after another. */
  readonly fingerprint: pulumi.Output<string>;
  /** What each keeps its data on. */
  readonly volume: Pick<ClaimSettings, "spec" | "storeLabels">;
}

/** Where the settings are put together, which is one folder for Elasticsearch and two objects for Kubernetes. */
const made = { volume: "made", folder: "/made" } as const;

/** Environment variables of the key to the bucket, which goes where Elasticsearch looks for what is secret. */
export const keyVariables = { accessKeyId: "S3_ACCESS_KEY", secretAccessKey: "S3_SECRET_KEY" } as const;

/**
 * Puts the settings together: the image's own, ours over them, and the key to the bucket in a keystore. It is a copy on the
 * node's memory that goes with the pod.
 */
const preparation = [
  "set -eu",
  `cp -r ${folders.configuration}/. ${made.folder}/`,
  `cp /settings/elasticsearch.yml /settings/roles.yml /settings/users_roles /users/users ${made.folder}/`,
  `cp /settings/heap.options ${made.folder}/jvm.options.d/heap.options`,
  `rm -f ${made.folder}/elasticsearch.keystore`,
  `export ES_PATH_CONF=${made.folder}`,
  "elasticsearch-keystore create",
  `printf %s "$${keyVariables.accessKeyId}" | elasticsearch-keystore add --stdin s3.client.default.access_key`,
  `printf %s "$${keyVariables.secretAccessKey}" | elasticsearch-keystore add --stdin s3.client.default.secret_key`,
].join("\n");

/** The nodes: started all at once, since the first ones wait for each other, and restarted one by one. */
export function createStatefulSet(
  name: string,
  args: ElasticsearchSizing & { readonly pool?: string },
  objects: NodeObjects,
  { metadata, podLabels, options }: Place,
  before: readonly pulumi.Resource[],
): kubernetes.apps.v1.StatefulSet {
  const image = imageReference(containerImages.elasticsearch);
  const pod = restrictedPod({
    serviceAccount: metadata.name,
    userId,
    priority: "monitoring",
    // It writes down what is in memory before it ends.
    graceSeconds: 300,
    spreadOver: podLabels,
    ...(args.pool !== undefined && { pool: args.pool }),
    volumes: [
      { name: made.volume, emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
      { name: "settings", configMap: { name: objects.configurationMap } },
      {
        name: "users",
        secret: { secretName: objects.users, defaultMode: 0o440, items: [{ key: "users", path: "users" }] },
      },
      { name: "certificates", secret: { secretName: objects.certificates, defaultMode: 0o440 } },
    ],
    preparations: [
      {
        name: "settings",
        image,
        command: ["bash", "-c", preparation],
        resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
        environmentFrom: [{ secret: objects.bucket }],
        scratchFolders: ["/tmp", folders.logs],
        mounts: {
          [made.volume]: { path: made.folder, readOnly: false },
          settings: { path: "/settings", readOnly: true },
          users: { path: "/users", readOnly: true },
        },
      },
    ],
    containers: [container(args, image, objects)],
  });
  return new kubernetes.apps.v1.StatefulSet(
    `${name}-stateful-set`,
    {
      metadata,
      spec: {
        serviceName: metadata.name,
        replicas: args.members,
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: podLabels },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "whisper.platform/configuration": objects.fingerprint },
          },
          spec: { ...pod, affinity: { podAntiAffinity: apart(podLabels) } },
        },
        volumeClaimTemplates: [claimTemplate(objects.volume)],
      },
    },
    { ...options, ...ofStatefulSet(before) },
  );
}

function container(
  { resources }: ElasticsearchSizing,
  image: string,
  { bucket }: NodeObjects,
): ContainerArgs {
  const { http, transport, readiness } = elasticsearchPorts;
  return {
    name: "elasticsearch",
    image,
    resources,
    environmentFrom: [{ secret: bucket }],
    environment: { ES_TMPDIR: "/tmp" },
    ports: { http, transport, readiness },
    // A node that has lost the others is not ill: to start it again would help nobody.
    health: { port: transport },
    // Open only while it has found the others.
    readiness: { port: readiness },
    startupSeconds: 600,
    scratchFolders: ["/tmp", folders.logs],
    mounts: {
      [dataVolume]: { path: folders.data, readOnly: false },
      [made.volume]: { path: folders.configuration, readOnly: false },
      certificates: { path: folders.certificates, readOnly: true },
    },
  };
}

/** No two on one machine: one that fails takes one of them with it. */
const apart = (podLabels: Record<string, string>) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [
    { labelSelector: { matchLabels: podLabels }, topologyKey: "kubernetes.io/hostname" },
  ],
});

/** Files of the Secret with the certificates, by what they hold. */
export const certificateEntries = Object.entries(certificateFiles) as [
  keyof typeof certificateFiles,
  string,
][];
