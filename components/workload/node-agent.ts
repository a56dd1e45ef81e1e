import type { types } from "@pulumi/kubernetes";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { NodeAgent } from "../../catalog/node-agents.ts";
import { priorityClassOf } from "../priorities/priority.ts";
import type { Place } from "./place.ts";
import type { Resources } from "./pod.ts";

type Container = types.input.core.v1.Container;

/** What {@link createNodeAgent} is told. */
export interface NodeAgentArgs {
  /** What the catalogue lets it do on a node. */
  readonly agent: NodeAgent;
  /** Program, variables, ports and probes; its rights and the node's paths are seen to here. */
  readonly container: Pick<Container, "args" | "env" | "ports"> & {
    readonly name: string;
    readonly image: string;
    /** How Kubernetes learns whether it is well. */
    readonly health: { readonly path: string; readonly port: number };
    /** What it sees beside the node's paths. */
    readonly volumeMounts: types.input.core.v1.VolumeMount[];
    /** Whether the runtime's AppArmor profile is not for it. @default false */
    readonly unconfined?: boolean;
  };
  /** What it is promised and allowed on each node. */
  readonly resources: Resources;
  /** Where in the container a path of the node is. */
  readonly mountPathOf: (path: string) => string;
  /** Volumes beside the node's paths. */
  readonly volumes: types.input.core.v1.Volume[];
  /** Annotations of its pods. */
  readonly annotations: Record<string, pulumi.Input<string>>;
}

/**
 * A DaemonSet on every node, dedicated ones included: as root, since only root can read what belongs to root, without
 * any capability but the catalogue's, and with the node's paths that stand there.
 */
export function createNodeAgent(
  name: string,
  args: NodeAgentArgs,
  { metadata, podLabels, options }: Place,
  before: readonly pulumi.Resource[],
): kubernetes.apps.v1.DaemonSet {
  const { agent, volumes, annotations } = args;
  return new kubernetes.apps.v1.DaemonSet(
    `${name}-daemon-set`,
    {
      metadata,
      spec: {
        selector: { matchLabels: podLabels },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: { labels: metadata.labels, annotations },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: priorityClassOf("node-agent"),
            terminationGracePeriodSeconds: 30,
            // Every node, whatever it is kept for.
            tolerations: [{ operator: "Exists" }],
            containers: [container(args)],
            volumes: [
              ...volumes,
              ...Object.keys(agent.hostPaths).map((path) => ({ name: volumeOf(path), hostPath: { path } })),
              ...Object.keys(agent.ownFolders ?? {}).map((path) => ({
                name: volumeOf(path),
                hostPath: { path, type: "DirectoryOrCreate" },
              })),
            ],
          },
        },
      },
    },
    { ...options, dependsOn: [...before] },
  );
}

const volumeOf = (path: string): string => `node${path.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;

function container({ agent, resources, mountPathOf, container: given }: NodeAgentArgs): Container {
  const { health: check, unconfined = false, volumeMounts, ...rest } = given;
  const { cpu, cpuLimit, memory } = resources;
  const health = { httpGet: check, timeoutSeconds: 5 };
  const mount = (path: string, readOnly: boolean) => ({
    name: volumeOf(path),
    mountPath: mountPathOf(path),
    ...(readOnly && { readOnly }),
  });
  return {
    ...rest,
    imagePullPolicy: "IfNotPresent",
    resources: { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory } },
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsUser: 0,
      capabilities: { drop: ["ALL"], ...(agent.capabilities.length > 0 && { add: [...agent.capabilities] }) },
      seccompProfile: { type: "RuntimeDefault" },
      ...(unconfined && { appArmorProfile: { type: "Unconfined" } }),
    },
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 24 },
    readinessProbe: { ...health, periodSeconds: 15, failureThreshold: 3 },
    livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 3 },
    volumeMounts: [
      ...volumeMounts,
      ...Object.keys(agent.hostPaths).map((path) => mount(path, true)),
      ...Object.keys(agent.ownFolders ?? {}).map((path) => mount(path, false)),
    ],
  };
}
