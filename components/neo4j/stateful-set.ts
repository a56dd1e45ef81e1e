import { basename } from "node:path/posix";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { neo4j } from "../../catalog/engines.ts";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { claimTemplate, dataVolume, ofStatefulSet } from "../workload/claims.ts";
import { type ContainerArgs, restrictedPod } from "../workload/pod.ts";
import { membersOf, type Neo4jArgs, resourcesOf } from "./arguments.ts";
import { certificateFiles, folders, memberEnvironment, trustedFolder } from "./configuration.ts";
import { memberHost, type Place } from "./place.ts";

/** The authority's certificate stands apart from the server's. */
const pathOf = (key: string): string =>
  key === certificateFiles.authority ? `${basename(trustedFolder)}/${key}` : key;

/** Configuration, password and certificates, by the names of their objects. */
interface ServerObjects {
  readonly configurationMap: string;
  readonly secret: string;
  readonly certificates: string;
  /** Fingerprint of what the servers read, so that a change of it restarts them, one after another. */
  readonly fingerprint: pulumi.Output<string>;
}

/**
 * The servers. They are all started at once, since a cluster's first members wait for each other; restarted they are
 * one by one, the next once the last has found its place again.
 */
export function createStatefulSet(
  name: string,
  args: Neo4jArgs,
  objects: ServerObjects,
  place: Place,
  before: readonly pulumi.Resource[],
): kubernetes.apps.v1.StatefulSet {
  const { metadata, podLabels, options, volume } = place;
  const pod = restrictedPod({
    serviceAccount: metadata.name,
    userId: neo4j.userId,
    // It writes down what is in memory before it ends.
    graceSeconds: 600,
    spreadOver: podLabels,
    priority: "store",
    ...(args.pool !== undefined && { pool: args.pool }),
    volumes: [
      // The image copies it with its mode, and appends to it.
      { name: "configuration", configMap: { name: objects.configurationMap, defaultMode: 0o640 } },
      { name: "secrets", secret: { secretName: objects.secret, defaultMode: 0o440 } },
      {
        name: "certificates",
        secret: {
          secretName: objects.certificates,
          defaultMode: 0o440,
          items: Object.values(certificateFiles).map((key) => ({ key, path: pathOf(key) })),
        },
      },
    ],
    containers: [container(args, place)],
  });
  return new kubernetes.apps.v1.StatefulSet(
    `${name}-stateful-set`,
    {
      metadata,
      spec: {
        serviceName: place.membersService,
        replicas: membersOf(args),
        podManagementPolicy: "Parallel",
        updateStrategy: { type: "RollingUpdate" },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: podLabels },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "whisper.platform/configuration": objects.fingerprint, ...metricsOf(args) },
          },
          spec: { ...pod, affinity: { podAntiAffinity: apart(podLabels) } },
        },
        volumeClaimTemplates: [claimTemplate(volume)],
      },
    },
    { ...options, ...ofStatefulSet(before) },
  );
}

function container(args: Neo4jArgs, place: Place): ContainerArgs {
  const isCluster = args.edition === "enterprise";
  const { boltPort, httpsPort, memberPorts, backupPort, metricsPort } = neo4j;
  return {
    name: "neo4j",
    image: imageReference(isCluster ? containerImages.neo4jEnterprise : containerImages.neo4jCommunity),
    resources: resourcesOf(args),
    environment: {
      ...(isCluster && args.licence !== undefined && { NEO4J_ACCEPT_LICENSE_AGREEMENT: args.licence }),
      ...memberEnvironment(memberHost(place, "$(POD_NAME)"), args.edition),
    },
    ports: {
      bolt: boltPort,
      ...(isCluster && { https: httpsPort, ...memberPorts, backup: backupPort, metrics: metricsPort }),
    },
    // A member that has lost the others is not ill: to start it again would help nobody.
    health: { port: boltPort },
    ...(isCluster && {
      readiness: { path: "/db/system/cluster/available", port: httpsPort, encrypted: true },
    }),
    startupSeconds: args.startupSeconds ?? 1800,
    scratchFolders: ["/tmp", "/var/lib/neo4j/conf", "/var/lib/neo4j/run"],
    mounts: {
      [dataVolume]: { path: folders.data, readOnly: false },
      configuration: { path: folders.configuration, readOnly: true },
      secrets: { path: folders.secrets, readOnly: true },
      certificates: { path: folders.certificates, readOnly: true },
    },
  };
}

/** No two servers on one node: one that fails takes one of them with it. */
const apart = (podLabels: Record<string, string>) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [
    { labelSelector: { matchLabels: podLabels }, topologyKey: "kubernetes.io/hostname" },
  ],
});

/** The community edition has no metrics: of it Prometheus knows nothing. */
function metricsOf({ edition }: Neo4jArgs): Record<string, string> {
  if (edition === "community") return {};
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(neo4j.metricsPort),
    "prometheus.io/path": "/metrics",
  };
}
