import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { ContainerArgs } from "../workload/pod.ts";
import type { Flow } from "../workload/traffic.ts";
import { Workload, type WorkloadArgs } from "../workload/workload.ts";
import type { ApplicationArgs, PartSize } from "./arguments.ts";
import { certificateMount, certificateVolume, type SettingsObjects } from "./settings-objects.ts";

/** Ports on which the operator's images listen. */
export const applicationPorts = { api: 8000, web: 3000 } as const;

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
  new Workload(stable, { ...api, replicas: args.sizes.api.replicas }, { parent });
  new Workload(
    candidate,
    { ...api, component: "api-candidate", replicas: 0, releaseOwned: ["replicas", "image"] },
    { parent },
  );
  const addressOf = (service: string) => ({
    host: `${service}.${namespace.name}.svc.cluster.local`,
    port: applicationPorts.api,
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
      egress: [toStore(args, args.database), toStore(args, args.cache), toInternet],
      pod: {
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

const toInternet: Flow = { party: { internet: true }, ports: [443] };

/** The way to a store, which is in the network and not in the cluster. */
export function toStore(
  { storesCidr }: ApplicationArgs,
  { port }: { readonly port: pulumi.Output<number> },
): Flow {
  return { party: { cidr: storesCidr }, ports: [port] };
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
    mounts: certificateMount,
  };
}
