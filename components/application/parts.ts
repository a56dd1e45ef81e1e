import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { ContainerArgs } from "../workload/pod.ts";
import { Workload, type WorkloadArgs } from "../workload/workload.ts";
import type { ApplicationArgs, PartSize } from "./arguments.ts";
import { certificateMount, certificateVolume, type SettingsObjects } from "./settings-objects.ts";
import { apiPort, webPort } from "./traffic.ts";

/** A part of the application that others reach. */
export interface ServiceAddress {
  readonly host: string;
  readonly port: number;
}

/** The API as the configuration says, and the place for a release's candidate. */
export function createApi(
  name: string,
  args: ApplicationArgs,
  settings: SettingsObjects,
  namespace: NamespacePlacement,
  parent: pulumi.Resource,
): { stable: ServiceAddress; candidate: ServiceAddress } {
  const stable = `${name}-api`;
  const candidate = `${name}-api-candidate`;
  const api: Omit<WorkloadArgs, "replicas"> = {
    ...common(args, settings, namespace),
    component: "api",
    servicePort: apiPort,
    traffic: args.traffic.api,
    podAnnotations: {
      ...rollsWith(settings),
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(apiPort),
      "prometheus.io/path": "/metrics",
    },
    pod: {
      ...inPool(args.sizes.api),
      graceSeconds: 60,
      volumes: [certificateVolume(settings)],
      containers: [
        {
          ...container(args, settings, "api"),
          ports: { http: apiPort },
          health: { path: "/health", port: apiPort },
        },
      ],
    },
  };
  new Workload(stable, { ...api, replicas: args.sizes.api.replicas }, { parent });
  new Workload(
    candidate,
    {
      ...api,
      component: "api-candidate",
      replicas: 0,
      traffic: args.traffic.candidate,
      releaseOwned: ["replicas", "image"],
    },
    { parent },
  );
  const addressOf = (service: string) => ({
    host: `${service}.${namespace.name}.svc.cluster.local`,
    port: apiPort,
  });
  return { stable: addressOf(stable), candidate: addressOf(candidate) };
}

/** The front end. */
export function createWeb(
  name: string,
  args: ApplicationArgs,
  settings: SettingsObjects,
  namespace: NamespacePlacement,
  parent: pulumi.Resource,
): ServiceAddress {
  const port = webPort;
  const web = new Workload(
    `${name}-web`,
    {
      ...common(args, settings, namespace),
      component: "web",
      replicas: args.sizes.web.replicas,
      servicePort: port,
      traffic: args.traffic.web,
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
            environment: { ...spansAs("web", args).environment, ...args.browserSettings },
            scratchFolders: ["/tmp", "/app/.next/cache"],
          },
        ],
      },
    },
    { parent },
  );
  return { host: web.host, port };
}

/** The workers of the light queues, to which nobody connects. */
export function createWorker(
  name: string,
  args: ApplicationArgs,
  settings: SettingsObjects,
  namespace: NamespacePlacement,
  parent: pulumi.Resource,
): void {
  new Workload(
    `${name}-worker`,
    {
      ...common(args, settings, namespace),
      component: "worker",
      replicas: args.sizes.worker.replicas,
      traffic: args.traffic.worker,
      pod: {
        priority: "batch",
        ...inPool(args.sizes.worker),
        // A worker told to go finishes the task it has.
        graceSeconds: 300,
        volumes: [certificateVolume(settings)],
        containers: [{ ...container(args, settings, "worker"), health: { command: ["healthcheck"] } }],
      },
    },
    { parent },
  );
}

function inPool({ pool }: PartSize): { pool?: string } {
  return pool === undefined ? {} : { pool };
}

function rollsWith(settings: SettingsObjects): Record<string, pulumi.Input<string>> {
  return { "whisper.platform/settings": settings.fingerprint };
}

function common(args: ApplicationArgs, settings: SettingsObjects, namespace: NamespacePlacement) {
  return { ownership: args.ownership, namespace, podAnnotations: rollsWith(settings) };
}

/** The container of a part that reaches the stores. */
function container(args: ApplicationArgs, settings: SettingsObjects, part: "api" | "worker"): ContainerArgs {
  return {
    name: part,
    image: args.images[part],
    resources: args.sizes[part].resources,
    environmentFrom: [{ configMap: settings.open }, { secret: settings.secret }],
    ...spansAs(part, args),
    mounts: certificateMount,
  };
}

/** How a part is called in its spans. */
const spansAs = (part: string, { traces }: ApplicationArgs): Pick<ContainerArgs, "environment"> =>
  traces === undefined ? {} : { environment: { OTEL_SERVICE_NAME: part } };
