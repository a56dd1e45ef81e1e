import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { BucketGrant, PostgresConnection, ValkeyConnection } from "../joints.ts";
import { base64 } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { monitoringSchema } from "../postgres/privileges.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createClusterRights, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";
import { healthMonitorParty } from "./traffic.ts";

/** Whom a {@link HealthMonitor} asks, each by the name that its findings bear. */
export interface AskedParts {
  /** Public addresses. @example { site: "https://whisper.example.com/" } */
  readonly urls: Readonly<Record<string, string>>;
  /** PostgreSQL, as a user who sees figures alone. @example { "whisper-staging-postgres": postgres.monitoring } */
  readonly postgres: Readonly<Record<string, PostgresConnection>>;
  /** Valkey, and the lists of jobs in each. @example { "whisper-staging-valkey": { connection, queues: ["celery"] } } */
  readonly valkey: Readonly<
    Record<string, { readonly connection: ValkeyConnection; readonly queues: readonly string[] }>
  >;
  /** Buckets that a kibibyte is written to, and read back from. @example [media.grants["health-monitor"]] */
  readonly buckets: readonly BucketGrant[];
  /** Prometheus within the cluster. @example { "whisper-staging-prometheus": prometheus.address } */
  readonly prometheus: Readonly<Record<string, string>>;
}

/** Arguments of {@link HealthMonitor}. */
export interface HealthMonitorArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /**
   * A build of `images/health-monitor`, with its registry and a fixed version.
   * @example "registry.digitalocean.com/whisper/health-monitor:0.1.0"
   */
  readonly image: string;
  /** Whom it asks. */
  readonly asked: AskedParts;
  /**
   * How often it asks.
   * @default 5; `HealthCheckMissing` fires when a quarter of an hour passes without
   */
  readonly intervalMinutes?: number;
  /** What it may connect to: the traffic plan's for `health-monitor`. */
  readonly traffic: PodTraffic;
}

/** What a round is promised and allowed. */
export const healthMonitorResources: Resources = { cpu: "25m", cpuLimit: "500m", memory: "192Mi" };

/** Where it finds whom to ask, as `platform/health/inside/settings.ts` reads it. */
const settingsFolder = "/run/secrets/health-monitor";

/** A round takes seconds, and every check in it ten at most; the rest is for its pod to start, twice. */
const deadlineSeconds = 120;

/**
 * Asks every few minutes, from within the cluster, what `platform health` asks from outside: a Job, which fails when
 * something is critical, and after another try. Prometheus is told by kube-state-metrics; what was found is in the pod's
 * log, which `platform health <environment> --mode scheduled` shows.
 *
 * It may list nodes and workloads, and read no object of Kubernetes beside; in PostgreSQL it sees figures, and of the
 * buckets it has a key to those alone that it asks. It has no token of DigitalOcean's.
 *
 * ### Cost
 * Nothing of its own: a fortieth of a processor and 192 MiB of the nodes that are there, for some seconds.
 *
 * @example
 * ```ts
 * new HealthMonitor("whisper-staging-health-monitor", {
 *   ownership, namespace: monitoring.placement, image: "registry.digitalocean.com/whisper/health-monitor:0.1.0",
 *   asked: { urls, postgres: { postgres: postgres.monitoring }, valkey: {}, buckets: [], prometheus: {} },
 *   traffic: podTraffic(plan, healthMonitor),
 * }, { provider: cluster.provider });
 * ```
 */
export class HealthMonitor extends Component {
  constructor(name: string, args: HealthMonitorArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkInterval(checks, args) });
    const { asked, namespace, ...recorded } = args;
    super("whisper:health-monitor:HealthMonitor", name, { ...recorded, namespace: namespace.name }, options);
    const place = placeOf(name, healthMonitorParty, args, this);
    const account = createAccount(name, place);
    const before = [
      createClusterRights(name, clusterRules, place, account),
      createTrafficPolicy(name, args.traffic, place),
      this.#createSettings(name, args, place),
    ];
    this.#createCronJob(name, args, place, before);
    this.registerOutputs({});
  }

  #createSettings(
    name: string,
    { asked, ownership }: HealthMonitorArgs,
    { metadata, options }: Place,
  ): pulumi.Resource {
    const settings = pulumi.jsonStringify(settingsOf(ownership.environment, asked));
    return new kubernetes.core.v1.Secret(
      `${name}-settings`,
      { metadata, type: "Opaque", data: { "settings.json": base64(pulumi.secret(settings)) } },
      options,
    );
  }

  #createCronJob(
    name: string,
    { image, namespace, intervalMinutes = 5 }: HealthMonitorArgs,
    { metadata, options }: Place,
    before: readonly pulumi.Resource[],
  ): void {
    new kubernetes.batch.v1.CronJob(
      `${name}-cron-job`,
      {
        metadata,
        spec: {
          schedule: `*/${intervalMinutes} * * * *`,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: deadlineSeconds,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 1,
          jobTemplate: {
            metadata: { labels: metadata.labels },
            spec: {
              backoffLimit: 1,
              activeDeadlineSeconds: deadlineSeconds,
              // One that has failed stays a little longer than until the next: in between it would be over.
              ttlSecondsAfterFinished: (intervalMinutes + 1) * 60,
              template: {
                metadata: { labels: metadata.labels },
                spec: restrictedPod({
                  serviceAccount: name,
                  usesKubernetesApi: true,
                  priority: "monitoring",
                  restartPolicy: "Never",
                  ...(namespace.imagePullSecret && { imagePullSecret: namespace.imagePullSecret }),
                  volumes: [{ name: "settings", secret: { secretName: name, defaultMode: 0o440 } }],
                  containers: [
                    {
                      name: healthMonitorParty,
                      image,
                      resources: healthMonitorResources,
                      mounts: { settings: { path: settingsFolder, readOnly: true } },
                    },
                  ],
                }),
              },
            },
          },
        },
      },
      { ...options, dependsOn: [...before] },
    );
  }
}

/** How nodes and workloads are; no Secret, no ConfigMap, and nothing is changed. */
const clusterRules = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
  { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "statefulsets"], verbs: ["list"] },
];

/** The file that `platform/health/inside/settings.ts` reads. */
function settingsOf(environment: string, { urls, postgres, valkey, buckets, prometheus }: AskedParts) {
  const server = (name: string, { host, port, user, password }: ValkeyConnection | PostgresConnection) => ({
    ...{ name, host, port, user, password },
  });
  return {
    environment,
    urls,
    postgres: Object.entries(postgres).map(([name, connection]) => ({
      ...server(name, connection),
      database: connection.database,
      // What is not the user's to see of others is asked of views that show a part of it.
      searchPath: `${monitoringSchema},pg_catalog`,
      authority: connection.caCertificate,
    })),
    valkey: Object.entries(valkey).map(([name, { connection, queues }]) => ({
      ...server(name, connection),
      queues,
    })),
    buckets: buckets.map(({ bucket, region, endpoint, accessKeyId, secretAccessKey }) => ({
      ...{ name: bucket, region, endpoint, accessKeyId, secretAccessKey },
    })),
    prometheus: Object.entries(prometheus).map(([name, address]) => ({ name, address })),
  };
}

/** Of an hour, so that each is as far from the next. */
function checkInterval(checks: ArgumentChecks, { intervalMinutes }: HealthMonitorArgs): void {
  checks.check(
    "intervalMinutes",
    intervalMinutes,
    (minutes) => [1, 2, 3, 4, 5].includes(minutes),
    (minutes) => `is ${minutes}, and HealthCheckMissing expects one round in five minutes`,
    "Give 1 to 5.",
  );
}
