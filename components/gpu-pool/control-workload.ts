import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { Workload } from "../workload/workload.ts";
import { controllerPort } from "./traffic.ts";

/** What every role of `images/gpu-pool-controller` is told. */
export interface ControlWorkloadArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /** Where it goes. */
  readonly namespace: NamespacePlacement;
  /** How network policies and monitoring know it. @example "gpu-pool-controller" */
  readonly component: string;
  /** A build of `images/gpu-pool-controller`. @example "registry.digitalocean.com/whisper/gpu-pool-controller:0.1.0" */
  readonly image: string;
  /** What the image runs. @default the controller */
  readonly command?: readonly string[];
  /** Its environment, as its `settings.ts` reads it. @example { QUEUE: "transcription" } */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** Its secrets, as files of {@link secretsFolder}. @example { token } */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Folder of the secrets, as the role expects it. @example "/run/secrets/gpu-pool-controller" */
  readonly secretsFolder: string;
  /** What it may connect to, and what to it. */
  readonly traffic: PodTraffic;
}

/** What every role of it is promised and allowed. */
export const controlResources = { cpu: "50m", cpuLimit: "250m", memory: "128Mi" } as const;

/** Name of the Secret that holds a role's secrets. */
export const controlSecretsName = (name: string): string => `${name}-secrets`;

/**
 * One pod of `images/gpu-pool-controller` in one of its roles: settings as its environment, secrets as files that it alone
 * sees, and metrics on {@link controllerPort}.
 */
export function createControlWorkload(
  name: string,
  args: ControlWorkloadArgs,
  parent: pulumi.Resource,
): Workload {
  const { guards } = args.namespace;
  const metadata = (child: string) => ({
    name: `${name}-${child}`,
    namespace: args.namespace.name,
    labels: labelsOf(args.ownership, args.component),
  });
  const settings = new kubernetes.core.v1.ConfigMap(
    `${name}-settings`,
    { metadata: metadata("settings"), data: args.settings },
    { parent, dependsOn: guards },
  );
  const secrets = new kubernetes.core.v1.Secret(
    `${name}-secrets`,
    {
      metadata: metadata("secrets"),
      type: "Opaque",
      data: Object.fromEntries(Object.entries(args.secrets).map(([key, value]) => [key, base64(value)])),
    },
    { parent, dependsOn: guards },
  );
  return new Workload(
    `${name}-workload`,
    {
      ownership: args.ownership,
      component: args.component,
      namespace: { ...args.namespace, guards: [...guards, settings, secrets] },
      replicas: 1,
      servicePort: controllerPort,
      podAnnotations: {
        "whisper.platform/configuration": fingerprint(args.settings, args.secrets),
        "prometheus.io/scrape": "true",
        "prometheus.io/port": String(controllerPort),
      },
      pod: {
        containers: [
          {
            name: "controller",
            image: args.image,
            ...(args.command && { command: args.command }),
            resources: controlResources,
            ports: { http: controllerPort },
            health: { path: "/healthz", port: controllerPort },
            environmentFrom: [{ configMap: `${name}-settings` }],
            mounts: { secrets: { path: args.secretsFolder, readOnly: true } },
          },
        ],
        volumes: [{ name: "secrets", secret: { secretName: controlSecretsName(name), defaultMode: 0o440 } }],
      },
      traffic: args.traffic,
    },
    { parent },
  );
}
