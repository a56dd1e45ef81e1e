import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../component.ts";
import type { BucketGrant, PostgresConnection, ValkeyConnection } from "../joints.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import { type ContainerArgs, type Resources, restrictedPod } from "../workload/pod.ts";
import { type Flow, type Party, trafficPolicy } from "../workload/traffic.ts";
import { type Replicas, Workload, type WorkloadArgs } from "../workload/workload.ts";
import { certificateFolder, databaseCertificate, openSettings, secretSettings } from "./settings.ts";

/** Size of one part of the application. */
export interface PartSize {
  /** How many pods. */
  readonly replicas: Replicas;
  /** What each pod is promised and allowed. */
  readonly resources: Resources;
  /**
   * Pool whose nodes it runs on.
   * @default any
   */
  readonly pool?: string;
}

/** Arguments of {@link Application}. */
export interface ApplicationArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces everything in it.
   */
  readonly namespace: NamespacePlacement;
  /** Builds that run, each with its registry and a fixed version. */
  readonly images: { readonly api: string; readonly web: string; readonly worker: string };
  /** How many of each part there are, and how large. */
  readonly sizes: { readonly api: PartSize; readonly web: PartSize; readonly worker: PartSize };
  /** Domain of the front end. */
  readonly siteDomain: string;
  /** Domain of the API. */
  readonly apiDomain: string;
  /** The database through its pool, for the application. */
  readonly database: PostgresConnection;
  /** The database itself, for the migrations: a pool by transaction cannot hold their locks. */
  readonly migrationDatabase: PostgresConnection;
  /** Queue, cache and sessions. */
  readonly cache: ValkeyConnection;
  /** Bucket of the recordings and transcripts. */
  readonly media: BucketGrant;
  /** Range of the network in which database and cache are. */
  readonly storesCidr: string;
  /** Who forwards the internet's requests. */
  readonly edge: Party;
  /** Who collects metrics. */
  readonly monitoring: Party;
  /**
   * Command that brings the database's schema up to date; part of the API's image.
   * @default ["alembic", "upgrade", "head"]
   */
  readonly migrationCommand?: readonly string[];
  /**
   * Connections that one process of the application may hold.
   * @default 20
   */
  readonly databasePoolSize?: number;
  /**
   * Where errors are reported; a secret.
   * @default they are only logged
   */
  readonly errorTrackingDsn?: pulumi.Input<string>;
}

/** Ports on which the operator's images listen. */
export const applicationPorts = { api: 8000, web: 3000 } as const;

/** A part of the application that others reach. */
export interface ServiceAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The transcription product on Kubernetes: front end, API, and the workers of the light queues; transcription
 * itself is the GPU pool's. Migrations run to their end before any of it rolls.
 *
 * The API exists twice. `api` is what the configuration says. `api-candidate` has no pods until a release gives it
 * an image and replicas of its own, which a plain `up` then leaves alone; the edge sends it as much as its
 * weights say.
 *
 * ### Cost
 * Nothing of its own: see the cluster's pools.
 *
 * @example
 * ```ts
 * new Application("whisper-staging-application", {
 *   ownership, namespace: namespace.placement, images, sizes, siteDomain, apiDomain,
 *   database: postgres.pool, migrationDatabase: postgres.direct, cache: valkey.connection, media: buckets.media,
 *   storesCidr: network.placement.addresses.vpc, edge: { component: "edge", namespace: "whisper-staging-edge" },
 *   monitoring: { component: "prometheus", namespace: "whisper-staging-monitoring" },
 * }, { provider: cluster.provider });
 * ```
 */
export class Application extends Component {
  readonly web: ServiceAddress;
  /** The API as the configuration says, and the release on its way in. */
  readonly api: { readonly stable: ServiceAddress; readonly candidate: ServiceAddress };

  constructor(name: string, args: ApplicationArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:application:Application", name, { ...args, namespace: args.namespace.name }, options);

    const settings = this.#createSettings(name, args);
    const migrations = this.#createMigrations(name, args, settings);
    const placement = { ...args.namespace, guards: [...settings.guards, migrations] };
    const api = this.#createApi(name, args, settings, placement);
    const web = this.#createWeb(name, args, settings, placement);
    this.#createWorker(name, args, settings, placement);

    this.api = api;
    this.web = web;
    this.registerOutputs({ api: this.api, web: this.web });
  }

  #createSettings(name: string, args: ApplicationArgs): Settings {
    const { namespace, ownership } = args;
    const options = { parent: this, dependsOn: namespace.guards };
    const metadata = (child: string) => ({
      name: `${name}-${child}`,
      namespace: namespace.name,
      labels: labelsOf(ownership, "application"),
    });
    const joints = { database: args.database, cache: args.cache, media: args.media };
    const signingKey = new random.RandomPassword(
      `${name}-signing-key`,
      { length: 48, special: false },
      { parent: this },
    );
    const open = openSettings(ownership.environment, args, joints, args.databasePoolSize ?? 20);
    const secret = secretSettings(joints, signingKey.result, args.errorTrackingDsn);
    const createSecret = (child: string, values: Record<string, pulumi.Input<string>>) =>
      new kubernetes.core.v1.Secret(
        `${name}-${child}`,
        {
          metadata: metadata(child),
          type: "Opaque",
          data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)])),
        },
        options,
      );
    const guards = [
      ...namespace.guards,
      new kubernetes.core.v1.ConfigMap(
        `${name}-settings`,
        { metadata: metadata("settings"), data: open },
        options,
      ),
      new kubernetes.core.v1.ConfigMap(
        `${name}-certificates`,
        { metadata: metadata("certificates"), data: { [databaseCertificate]: args.database.caCertificate } },
        options,
      ),
      createSecret("secrets", secret),
      createSecret("migration-secrets", { DATABASE_URL: args.migrationDatabase.uri }),
    ];
    return {
      open: `${name}-settings`,
      secret: `${name}-secrets`,
      migrationSecret: `${name}-migration-secrets`,
      certificates: `${name}-certificates`,
      fingerprint: fingerprint(open, secret),
      guards,
    };
  }

  #createMigrations(name: string, args: ApplicationArgs, settings: Settings): kubernetes.batch.v1.Job {
    const { namespace, ownership } = args;
    const jobName = `${name}-migrations`;
    const podLabels = { "app.kubernetes.io/name": "migrations", "app.kubernetes.io/instance": jobName };
    const labels = { ...labelsOf(ownership, "migrations"), ...podLabels };
    const metadata = { name: jobName, namespace: namespace.name, labels };
    const account = new kubernetes.core.v1.ServiceAccount(
      `${jobName}-account`,
      { metadata, automountServiceAccountToken: false },
      { parent: this, dependsOn: namespace.guards },
    );
    const traffic = new kubernetes.networking.v1.NetworkPolicy(
      `${jobName}-traffic`,
      { metadata, spec: trafficPolicy(podLabels, [], [toStore(args, args.migrationDatabase)]) },
      { parent: this, dependsOn: namespace.guards },
    );
    return new kubernetes.batch.v1.Job(
      `${jobName}-job`,
      {
        metadata,
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 900,
          template: {
            metadata: { labels },
            spec: restrictedPod({
              serviceAccount: jobName,
              restartPolicy: "Never",
              ...(namespace.imagePullSecret && { imagePullSecret: namespace.imagePullSecret }),
              volumes: [certificateVolume(settings)],
              containers: [
                {
                  name: "migrations",
                  image: args.images.api,
                  command: args.migrationCommand ?? ["alembic", "upgrade", "head"],
                  resources: { cpu: "100m", cpuLimit: "1", memory: "256Mi" },
                  environmentFrom: [{ configMap: settings.open }, { secret: settings.migrationSecret }],
                  mounts: certificateMount,
                },
              ],
            }),
          },
        },
      },
      {
        parent: this,
        dependsOn: [...settings.guards, account, traffic],
        // A Job cannot be changed: a new image is a new Job of the same name, which runs to its end before the roll-out.
        replaceOnChanges: ["spec"],
        deleteBeforeReplace: true,
      },
    );
  }

  #createApi(name: string, args: ApplicationArgs, settings: Settings, namespace: NamespacePlacement) {
    const stable = `${name}-api`;
    const candidate = `${name}-api-candidate`;
    const api: Omit<WorkloadArgs, "replicas"> = {
      ...common(args, settings, namespace),
      component: "api",
      servicePort: applicationPorts.api,
      ingress: [
        { party: args.edge, ports: [applicationPorts.api] },
        { party: { component: "web", namespace: namespace.name }, ports: [applicationPorts.api] },
        { party: args.monitoring, ports: [applicationPorts.api] },
      ],
      egress: [toStore(args, args.database), toStore(args, args.cache), toInternet],
      podAnnotations: {
        ...rollsWith(settings),
        "prometheus.io/scrape": "true",
        "prometheus.io/port": String(applicationPorts.api),
        "prometheus.io/path": "/metrics",
      },
      pod: {
        ...inPool(args.sizes.api),
        graceSeconds: 60,
        volumes: [certificateVolume(settings)],
        containers: [
          {
            ...container(args, settings, "api"),
            ports: { http: applicationPorts.api },
            health: { path: "/health", port: applicationPorts.api },
          },
        ],
      },
    };
    new Workload(stable, { ...api, replicas: args.sizes.api.replicas }, { parent: this });
    new Workload(
      candidate,
      { ...api, component: "api-candidate", replicas: 0, releaseOwned: ["replicas", "image"] },
      { parent: this },
    );
    const addressOf = (service: string) => ({
      host: `${service}.${namespace.name}.svc.cluster.local`,
      port: applicationPorts.api,
    });
    return { stable: addressOf(stable), candidate: addressOf(candidate) };
  }

  #createWeb(
    name: string,
    args: ApplicationArgs,
    settings: Settings,
    namespace: NamespacePlacement,
  ): ServiceAddress {
    const port = applicationPorts.web;
    const web = new Workload(
      `${name}-web`,
      {
        ...common(args, settings, namespace),
        component: "web",
        replicas: args.sizes.web.replicas,
        servicePort: port,
        ingress: [{ party: args.edge, ports: [port] }],
        egress: [
          { party: { component: "api", namespace: namespace.name }, ports: [applicationPorts.api] },
          toInternet,
        ],
        pod: {
          ...inPool(args.sizes.web),
          containers: [
            {
              name: "web",
              image: args.images.web,
              resources: args.sizes.web.resources,
              ports: { http: port },
              health: { path: "/", port },
              // The front end speaks to the API only: it is given no secret.
              environmentFrom: [{ configMap: settings.open }],
              scratchFolders: ["/tmp", "/app/.next/cache"],
            },
          ],
        },
      },
      { parent: this },
    );
    return { host: web.host, port };
  }

  #createWorker(
    name: string,
    args: ApplicationArgs,
    settings: Settings,
    namespace: NamespacePlacement,
  ): void {
    new Workload(
      `${name}-worker`,
      {
        ...common(args, settings, namespace),
        component: "worker",
        replicas: args.sizes.worker.replicas,
        egress: [toStore(args, args.database), toStore(args, args.cache), toInternet],
        pod: {
          ...inPool(args.sizes.worker),
          // A worker told to go finishes the task it has.
          graceSeconds: 300,
          volumes: [certificateVolume(settings)],
          containers: [{ ...container(args, settings, "worker"), health: { command: ["healthcheck"] } }],
        },
      },
      { parent: this },
    );
  }
}

/** Names of the objects that hold the application's settings. */
interface Settings {
  readonly open: string;
  readonly secret: string;
  readonly migrationSecret: string;
  readonly certificates: string;
  readonly fingerprint: pulumi.Output<string>;
  /** What must be there before a pod reads them. */
  readonly guards: pulumi.Resource[];
}

const toInternet: Flow = { party: { internet: true }, ports: [443] };

function toStore({ storesCidr }: ApplicationArgs, { port }: { readonly port: pulumi.Output<number> }): Flow {
  return { party: { cidr: storesCidr }, ports: [port] };
}

const certificateMount = { certificates: { path: certificateFolder, readOnly: true } };

function certificateVolume({ certificates }: Settings) {
  return { name: "certificates", configMap: { name: certificates } };
}

function inPool({ pool }: PartSize): { pool?: string } {
  return pool === undefined ? {} : { pool };
}

function rollsWith(settings: Settings): Record<string, pulumi.Input<string>> {
  return { "whisper.platform/settings": settings.fingerprint };
}

function common(args: ApplicationArgs, settings: Settings, namespace: NamespacePlacement) {
  return { ownership: args.ownership, namespace, podAnnotations: rollsWith(settings) };
}

/** The container of a part that reaches the stores. */
function container(args: ApplicationArgs, settings: Settings, part: "api" | "worker"): ContainerArgs {
  return {
    name: part,
    image: args.images[part],
    resources: args.sizes[part].resources,
    environmentFrom: [{ configMap: settings.open }, { secret: settings.secret }],
    mounts: certificateMount,
  };
}
