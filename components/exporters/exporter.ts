import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerImage } from "../../catalog/images.ts";
import { Component } from "../component.ts";
import { imageReference } from "../image-reference.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createClusterRights, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { type Resources, restrictedPod } from "../workload/pod.ts";

/** What makes one exporter another than the next: what it runs, and what that is told. */
export interface ExporterProgram {
  /** What it is: its scrape job, and the label by which network policies know it. @example "postgres-exporter" */
  readonly component: string;
  /** What it runs, of the catalogue. */
  readonly image: ContainerImage;
  /** Where it answers. */
  readonly port: number;
  /** Where on it the metrics are. @default "/metrics" */
  readonly path?: string;
  /** Where it says that it is well, on the same port. @example "/-/healthy" */
  readonly health: string;
  /** What it is told. @default none */
  readonly arguments?: readonly string[];
  /** Variables of its environment. Never a secret. @default none */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Files that it reads in {@link settingsFolder}. @default none */
  readonly settings?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What is secret, by its name as {@link secretsAs} says. @default none */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Whether it reads what is secret as files in {@link secretsFolder}, or has it as variables of its environment, where it
   * knows no other way.
   * @default "files"
   */
  readonly secretsAs?: "files" | "variables";
  /**
   * What it may ask the whole cluster's API.
   * @default nothing
   */
  readonly clusterRules?: readonly kubernetes.types.input.rbac.v1.PolicyRule[];
  /**
   * What the series it tells call `instance`; its own address changes with every pod.
   * @default its address
   * @example "whisper-staging-postgres"
   */
  readonly instance?: string;
  /**
   * Whether what it tells bears labels of others (`namespace`, `pod`, `node`), which then go before its own.
   * @default false
   */
  readonly tellsOfOthers?: boolean;
  /**
   * Whether it is called by name, for what Prometheus cannot find by itself.
   * @default false: Prometheus finds its pod
   */
  readonly hasService?: boolean;
}

/** Arguments of {@link Exporter}. */
export interface ExporterArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /** What it runs. @example postgresExporter("whisper-staging-postgres", postgres.monitoring) */
  readonly program: ExporterProgram;
  /** What may connect to it, and to what it may connect: the traffic plan's. */
  readonly traffic: PodTraffic;
}

/** Where an exporter finds its settings. */
export const settingsFolder = "/etc/exporter";

/** Where an exporter finds what is secret. */
export const secretsFolder = "/etc/exporter-secrets";

/** What an exporter is promised and allowed: it asks and writes down, twice a minute. */
export const exporterResources: Resources = { cpu: "10m", cpuLimit: "200m", memory: "64Mi" };

/**
 * An exporter: one pod that asks something which has no metrics of its own, and tells Prometheus. Prometheus finds it by
 * its annotations.
 *
 * There is one, since two would tell everything twice. What is secret stands in files of a Secret.
 *
 * ### Cost
 * Nothing of its own: a hundredth of a processor and 64 MiB of the nodes that are there.
 *
 * @example
 * ```ts
 * new Exporter("whisper-staging-postgres-exporter", {
 *   ownership, namespace: monitoring.placement, traffic: podTraffic(plan, exporters.postgres),
 *   program: postgresExporter("whisper-staging-postgres", postgres.monitoring),
 * }, { provider: cluster.provider });
 * ```
 */
export class Exporter extends Component {
  /** Where it answers within the cluster, as `host:port`, if it has a Service. */
  readonly address: string;

  constructor(name: string, args: ExporterArgs, options?: pulumi.ComponentResourceOptions) {
    const { program, namespace } = args;
    const { secrets: plain = {}, settings = {}, ...open } = program;
    const secrets = Object.fromEntries(
      Object.entries(plain).map(([file, text]) => [file, pulumi.secret(text)]),
    );
    super(
      "whisper:exporters:Exporter",
      name,
      { ...args, namespace: namespace.name, program: { ...open, settings, secrets } },
      options,
    );
    const place = placeOf(name, program.component, args, this);
    const account = createAccount(name, place);
    const before = [
      ...namespace.guards,
      account,
      createTrafficPolicy(name, args.traffic, place),
      ...(program.clusterRules ? [createClusterRights(name, program.clusterRules, place, account)] : []),
      ...(Object.keys(settings).length > 0 ? [this.#createSettings(name, settings, place)] : []),
      ...(Object.keys(secrets).length > 0 ? [this.#createSecret(name, secrets, place)] : []),
      ...(program.hasService === true ? [this.#createService(name, program.port, place)] : []),
    ];
    this.#createDeployment(name, program, fingerprint({ ...settings }, secrets), place, before);
    this.address = `${name}.${namespace.name}.svc.cluster.local:${program.port}`;
    this.registerOutputs({ address: this.address });
  }

  #createSettings(
    name: string,
    data: Readonly<Record<string, pulumi.Input<string>>>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    return new kubernetes.core.v1.ConfigMap(`${name}-settings`, { metadata, data: { ...data } }, options);
  }

  #createSecret(
    name: string,
    secrets: Readonly<Record<string, pulumi.Output<string>>>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    const data = Object.fromEntries(Object.entries(secrets).map(([file, text]) => [file, base64(text)]));
    return new kubernetes.core.v1.Secret(`${name}-secrets`, { metadata, type: "Opaque", data }, options);
  }

  #createService(name: string, port: number, { metadata, podLabels, options }: Place): pulumi.Resource {
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: [{ name: "http", port, targetPort: port, protocol: "TCP" }],
        },
      },
      options,
    );
  }

  #createDeployment(
    name: string,
    program: ExporterProgram,
    configuration: pulumi.Output<string>,
    { metadata, podLabels, options }: Place,
    before: pulumi.Resource[],
  ): void {
    const { settings = {}, secrets = {}, secretsAs = "files", environment } = program;
    const hasSettings = Object.keys(settings).length > 0;
    const hasSecrets = Object.keys(secrets).length > 0;
    const hasSecretFiles = hasSecrets && secretsAs === "files";
    new kubernetes.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1,
          revisionHistoryLimit: 2,
          selector: { matchLabels: podLabels },
          // Beside a second one, everything would be told twice.
          strategy: { type: "Recreate" },
          template: {
            metadata: { labels: metadata.labels, annotations: annotationsOf(program, configuration) },
            spec: restrictedPod({
              serviceAccount: name,
              usesKubernetesApi: program.clusterRules !== undefined,
              priority: "monitoring",
              volumes: [
                ...(hasSettings ? [{ name: "settings", configMap: { name } }] : []),
                ...(hasSecretFiles
                  ? [{ name: "secrets", secret: { secretName: name, defaultMode: 0o440 } }]
                  : []),
              ],
              containers: [
                {
                  name: program.component,
                  image: imageReference(program.image),
                  ...(program.arguments && { arguments: program.arguments }),
                  ...(environment && { environment }),
                  ...(hasSecrets && !hasSecretFiles && { environmentFrom: [{ secret: name }] }),
                  resources: exporterResources,
                  ports: { metrics: program.port },
                  health: { path: program.health, port: program.port },
                  mounts: {
                    ...(hasSettings && { settings: { path: settingsFolder, readOnly: true } }),
                    ...(hasSecretFiles && { secrets: { path: secretsFolder, readOnly: true } }),
                  },
                },
              ],
            }),
          },
        },
      },
      { ...options, dependsOn: before },
    );
  }
}

/** How Prometheus finds the pod, and what rolls it. */
function annotationsOf(
  { port, path = "/metrics", instance, tellsOfOthers }: ExporterProgram,
  configuration: pulumi.Output<string>,
): Record<string, pulumi.Input<string>> {
  return {
    "whisper.platform/configuration": configuration,
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    "prometheus.io/path": path,
    ...(instance !== undefined && { "prometheus.io/instance": instance }),
    ...(tellsOfOthers === true && { "prometheus.io/tells-of-others": "true" }),
  };
}
