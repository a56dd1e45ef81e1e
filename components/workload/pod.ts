import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Gpu } from "../../catalog/sizes.ts";
import { gpuResource, placementOn } from "../kubernetes-cluster/pool-placement.ts";
import { type Priority, priorityClassOf } from "../priorities/priority.ts";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type Probe = types.input.core.v1.Probe;

/** What a container may use: it is promised the request and stopped at the limit. */
export interface Resources {
  /** Processors that it is promised. @example "250m" */
  readonly cpu: string;
  /** Processors that it may use. @example "1" */
  readonly cpuLimit: string;
  /** Promised and allowed alike: memory cannot be throttled, only taken away. @example "512Mi" */
  readonly memory: string;
  /**
   * GPUs for this container alone; its pod then runs on nodes that have them.
   * @default none
   * @example { brand: "nvidia", count: 1 }
   */
  readonly gpus?: Pick<Gpu, "brand" | "count">;
}

/** How Kubernetes learns whether a container is well: an answer, a program that ends well, or a port that takes a call. */
export type HealthCheck =
  | { readonly path: string; readonly port: number; readonly encrypted?: boolean }
  | { readonly command: readonly string[]; readonly timeoutSeconds?: number }
  | { readonly port: number };

/** One container of a pod. */
export interface ContainerArgs {
  /** What it is called in its pod. @example "web" */
  readonly name: string;
  /** What it runs, with registry and fixed version. @example "registry.digitalocean.com/whisper/web:1.4.2" */
  readonly image: pulumi.Input<string>;
  /** Program that it runs. @default the image's own entry point */
  readonly command?: readonly string[];
  /** What the program is told. @default the image's own */
  readonly arguments?: readonly string[];
  /** What it is promised and allowed. */
  readonly resources: Resources;
  /** Ports by name. @default none */
  readonly ports?: Record<string, number>;
  /** How Kubernetes learns whether it is well. @default no probes, as for a container that runs to its end */
  readonly health?: HealthCheck;
  /** How Kubernetes learns whether it may be called. @default as {@link health} */
  readonly readiness?: HealthCheck;
  /** How long it may take to start before it is taken for dead. @default 60 */
  readonly startupSeconds?: number;
  /**
   * How long it goes on serving after it was told to go, while the word spreads that nobody should come any more.
   * @default 5 when it has ports, else 0
   */
  readonly drainSeconds?: number;
  /** ConfigMaps and Secrets whose keys become environment variables. @default none */
  readonly environmentFrom?: readonly ({ readonly configMap: string } | { readonly secret: string })[];
  /** Variables of the pod's own; `$(POD_NAME)` stands for its name. Never a secret. @default none */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Folders that may be written to, emptied when the pod goes. @default ["/tmp"] */
  readonly scratchFolders?: readonly string[];
  /** Volumes of the pod that it sees, by name. @default none */
  readonly mounts?: Record<string, { readonly path: string; readonly readOnly: boolean }>;
}

/** A pod that fulfils the restricted pod security standard. */
export interface PodArgs {
  /** What runs in it, side by side. */
  readonly containers: readonly ContainerArgs[];
  /** Containers that run to their end one after the other before those begin; a failed one stops the pod. @default none */
  readonly preparations?: readonly ContainerArgs[];
  /** Volumes besides the scratch folders. @default none */
  readonly volumes?: types.input.core.v1.Volume[];
  /** Name of its own service account. @example "whisper-staging-app-web" */
  readonly serviceAccount: string;
  /** Whether it speaks to the Kubernetes API itself. @default false */
  readonly usesKubernetesApi?: boolean;
  /** User and group it runs as; never 0. @default 10001 */
  readonly userId?: number;
  /** Secret by which its images are pulled. @default none: the images are public */
  readonly imagePullSecret?: string;
  /** Labels that its equals bear, so that they are spread over nodes. @default not spread */
  readonly spreadOver?: Record<string, string>;
  /** Pool whose nodes it runs on, and whose taint it tolerates. @default any that is not dedicated */
  readonly pool?: string;
  /** How important it is where there is no room for all. @default "application" */
  readonly priority?: Priority;
  /** How long it may take to finish what it has begun. @default 30 */
  readonly graceSeconds?: number;
  /** When a container that has ended is started anew. @default "Always" */
  readonly restartPolicy?: "Always" | "Never" | "OnFailure";
}

const scratchSizeLimit = "512Mi";

/** The pod as Kubernetes wants it written. */
export function restrictedPod(pod: PodArgs): PodSpec {
  const userId = pod.userId ?? 10_001;
  return {
    serviceAccountName: pod.serviceAccount,
    automountServiceAccountToken: pod.usesKubernetesApi ?? false,
    restartPolicy: pod.restartPolicy ?? "Always",
    terminationGracePeriodSeconds: pod.graceSeconds ?? 30,
    enableServiceLinks: false,
    priorityClassName: priorityClassOf(pod.priority ?? "application"),
    ...(pod.imagePullSecret && { imagePullSecrets: [{ name: pod.imagePullSecret }] }),
    ...placementOn(
      pod.pool,
      pod.containers.flatMap(({ resources }) => resources.gpus?.brand ?? []),
    ),
    ...(pod.spreadOver && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: pod.spreadOver },
        },
      ],
    }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(pod.preparations && { initContainers: pod.preparations.map(container) }),
    containers: pod.containers.map(container),
    volumes: [
      ...[...(pod.preparations ?? []), ...pod.containers].flatMap(scratchVolumes),
      ...(pod.volumes ?? []),
    ],
  };
}

function container(args: ContainerArgs): Container {
  const { cpu, cpuLimit, memory, gpus } = args.resources;
  const drainSeconds = args.drainSeconds ?? (args.ports ? 5 : 0);
  return {
    name: args.name,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    ...(args.command && { command: [...args.command] }),
    ...(args.arguments && { args: [...args.arguments] }),
    ...(args.ports && {
      ports: Object.entries(args.ports).map(([name, containerPort]) => ({
        name,
        containerPort,
        protocol: "TCP",
      })),
    }),
    ...(args.environmentFrom && {
      envFrom: args.environmentFrom.map((source) =>
        "secret" in source
          ? { secretRef: { name: source.secret } }
          : { configMapRef: { name: source.configMap } },
      ),
    }),
    ...(args.environment && { env: environmentOf(args.environment) }),
    resources: {
      requests: { cpu, memory },
      limits: { cpu: cpuLimit, memory, ...(gpus && { [gpuResource(gpus.brand)]: String(gpus.count) }) },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    // What runs to its end and fails says why in its last lines: whoever waits for it is shown them.
    ...(!args.health && !args.ports && { terminationMessagePolicy: "FallbackToLogsOnError" }),
    ...(args.health && probes(args.health, args.readiness ?? args.health, args.startupSeconds ?? 60)),
    ...(drainSeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } }),
    volumeMounts: [
      ...scratchVolumes(args).map(({ name }, index) => ({
        name,
        mountPath: scratchFoldersOf(args)[index] ?? "/tmp",
      })),
      ...Object.entries(args.mounts ?? {}).map(([name, { path, readOnly }]) => ({
        name,
        mountPath: path,
        readOnly,
      })),
    ],
  };
}

/** What is not a variable of the pod's own comes first: only then can the others name it. */
function environmentOf(
  environment: Readonly<Record<string, pulumi.Input<string>>>,
): types.input.core.v1.EnvVar[] {
  return [
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ...Object.entries(environment).map(([name, value]) => ({ name, value })),
  ];
}

function probes(
  health: HealthCheck,
  readiness: HealthCheck,
  startupSeconds: number,
): { startupProbe: Probe; readinessProbe: Probe; livenessProbe: Probe } {
  const alive = probeAction(health);
  const startPeriodSeconds = 5;
  return {
    startupProbe: {
      ...alive,
      periodSeconds: startPeriodSeconds,
      failureThreshold: Math.ceil(startupSeconds / startPeriodSeconds),
    },
    readinessProbe: { ...probeAction(readiness), periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { ...alive, periodSeconds: 20, failureThreshold: 3 },
  };
}

function probeAction(check: HealthCheck): Probe {
  if ("command" in check) {
    return { exec: { command: [...check.command] }, timeoutSeconds: check.timeoutSeconds ?? 10 };
  }
  if ("path" in check) {
    const { path, port, encrypted = false } = check;
    return { httpGet: { path, port, ...(encrypted && { scheme: "HTTPS" }) }, timeoutSeconds: 3 };
  }
  return { tcpSocket: { port: check.port }, timeoutSeconds: 3 };
}

function scratchFoldersOf({ scratchFolders = ["/tmp"] }: ContainerArgs): readonly string[] {
  return scratchFolders;
}

function scratchVolumes(args: ContainerArgs): { name: string; emptyDir: { sizeLimit: string } }[] {
  return scratchFoldersOf(args).map((folder) => ({
    name: `${args.name}${folder.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
    emptyDir: { sizeLimit: scratchSizeLimit },
  }));
}
