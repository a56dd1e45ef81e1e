import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { nodeAgents } from "../../catalog/node-agents.ts";
import { Component } from "../component.ts";
import { imageReference } from "../image-reference.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { priorityClassOf } from "../priorities/priority.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { placeOf } from "../workload/place.ts";
import type { Resources } from "../workload/pod.ts";
import { exporterPorts } from "./traffic.ts";

/** Arguments of {@link NodeExporter}. */
export interface NodeExporterArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes: the namespace of node agents, which enforces no pod security standard.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /** What may connect to it, and to what it may connect: the traffic plan's for `node-exporter`. */
  readonly traffic: PodTraffic;
}

/** What it is promised and allowed on each node. */
export const nodeExporterResources: Resources = { cpu: "10m", cpuLimit: "200m", memory: "32Mi" };

/** Below it are the paths of the node. */
const hostRoot = "/host";

/** A user that nobody else is: whoever is the same user on a node may read the environment of the other's processes. */
const userId = 10_910;

/** Those that can tell of the node from a pod, and no others: each of the rest would tell of the pod, or nothing. */
const collectors = [
  "cpu",
  "diskstats",
  "filesystem",
  "loadavg",
  "meminfo",
  "pressure",
  "stat",
  "timex",
  "vmstat",
];

/** What the exporter is told. */
export const nodeExporterArguments: readonly string[] = [
  `--web.listen-address=:${exporterPorts.node}`,
  `--path.procfs=${hostRoot}/proc`,
  `--path.sysfs=${hostRoot}/sys`,
  // Of the file systems it sees the one that this folder is on, by which it knows the root's.
  `--path.rootfs=${hostRoot}/mnt`,
  "--collector.filesystem.mount-points-exclude=^/.+",
  "--collector.vmstat.fields=^(oom_kill|pgmajfault)$",
  "--collector.disable-defaults",
  ...collectors.map((collector) => `--collector.${collector}`),
];

/**
 * Node exporter on every node, dedicated ones included: processors, memory, load, clock, and how full the root file
 * system is.
 *
 * It is an ordinary user without capabilities, in a network of its own: what goes over the node's network the kubelets
 * tell. Of the node it reads what `catalog/node-agents.ts` names, and none of its files.
 *
 * ### Cost
 * Nothing of its own: 0.01 processors and 32 MiB of each node.
 *
 * @example
 * ```ts
 * new NodeExporter("whisper-staging-node-exporter", {
 *   ownership, namespace: nodeAgents.placement, traffic: podTraffic(plan, exporters.node),
 * }, { provider: cluster.provider });
 * ```
 */
export class NodeExporter extends Component {
  constructor(name: string, args: NodeExporterArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:exporters:NodeExporter", name, { ...args, namespace: args.namespace.name }, options);
    const place = placeOf(name, "node-exporter", args, this);
    const { metadata, podLabels } = place;
    const before = [
      ...args.namespace.guards,
      createAccount(name, place),
      createTrafficPolicy(name, args.traffic, place),
    ];
    new kubernetes.apps.v1.DaemonSet(
      `${name}-daemon-set`,
      {
        metadata,
        spec: {
          selector: { matchLabels: podLabels },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
          template: {
            metadata: {
              labels: metadata.labels,
              annotations: {
                "prometheus.io/scrape": "true",
                "prometheus.io/port": String(exporterPorts.node),
                "prometheus.io/path": "/metrics",
              },
            },
            spec: {
              serviceAccountName: name,
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              priorityClassName: priorityClassOf("node-agent"),
              terminationGracePeriodSeconds: 10,
              // Every node, whatever it is kept for.
              tolerations: [{ operator: "Exists" }],
              containers: [container()],
              volumes: hostMounts.map(({ name: volume, path }) => ({ name: volume, hostPath: { path } })),
            },
          },
        },
      },
      { ...place.options, dependsOn: before },
    );
    this.registerOutputs();
  }
}

const hostMounts = Object.keys(nodeAgents["node-exporter"].hostPaths).map((path) => ({
  name: `node${path.replaceAll("/", "-")}`,
  path,
}));

function container() {
  const { cpu, cpuLimit, memory } = nodeExporterResources;
  const health = { httpGet: { path: "/", port: exporterPorts.node }, timeoutSeconds: 3 };
  return {
    name: "node-exporter",
    image: imageReference(containerImages.nodeExporter),
    imagePullPolicy: "IfNotPresent",
    args: [...nodeExporterArguments],
    ports: [{ name: "metrics", containerPort: exporterPorts.node, protocol: "TCP" }],
    resources: { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory } },
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    readinessProbe: { ...health, periodSeconds: 15, failureThreshold: 3 },
    livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 3 },
    volumeMounts: hostMounts.map(({ name, path }) => ({
      name,
      mountPath: `${hostRoot}${path}`,
      readOnly: true,
    })),
  };
}
