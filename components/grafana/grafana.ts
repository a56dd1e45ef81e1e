import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../component.ts";
import type { Backend } from "../edge/nginx.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import {
  dashboardProvisioning,
  dataSourceProvisioning,
  grafanaConfiguration,
  secretFiles,
} from "./configuration.ts";
import { applicationOverview } from "./dashboards/application-overview.ts";
import type { DashboardFacts } from "./dashboards/model.ts";
import { packDashboards, pathOf } from "./dashboards/pack.ts";
import type { DataSource } from "./data-sources.ts";
import { createDeployment } from "./deployment.ts";
import type { SignIn } from "./sign-in.ts";
import { grafanaPort } from "./traffic.ts";

/** Arguments of {@link Grafana}. */
export interface GrafanaArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /** Where it goes. */
  readonly namespace: NamespacePlacement;
  /** Where people reach it. @example "https://ops.whisper.example.com/grafana" */
  readonly url: string;
  /** What it reads from; the first is what is asked where nothing else is said. */
  readonly sources: readonly DataSource[];
  /** What of the environment decides what there is to see. */
  readonly facts: DashboardFacts;
  /**
   * Who says who somebody is.
   * @default nobody: there is the administrator alone, with a password that was drawn
   */
  readonly signIn?: SignIn;
  /**
   * Address of the folder of runbooks, to which panels lead.
   * @default "docs/runbooks", the folder's path in the repository, which panels name
   * @example "https://github.com/example/whisper-platform/blob/main/docs/runbooks"
   */
  readonly runbooks?: string;
  /** What it may connect to, and what to it: the traffic plan's for `grafana`. */
  readonly traffic: PodTraffic;
}

/** Keys of the ConfigMap, and where Grafana looks for what is in them. */
const configurationFiles = {
  "grafana.ini": "grafana.ini",
  "data-sources.yaml": "provisioning/datasources/data-sources.yaml",
  "dashboards.yaml": "provisioning/dashboards/dashboards.yaml",
} as const;

/**
 * Grafana: figures as pictures. All that it shows is made by the program, and nothing of it can be changed by hand, so
 * that it keeps nothing: its database is in the pod, and empty after each start. Who was signed in signs in again. One pod
 * is all there is of it, as two would not know each other's sessions.
 *
 * The administrator's password is drawn at random and stands in a Secret; with an OpenID provider people sign in there,
 * and have the role of their groups. Nobody comes in without a name, and nobody makes an account by himself.
 *
 * ### Cost
 * Nothing of its own: it takes room on the cluster's nodes. An s-4vcpu-8gb (48 $ a month) has about 6 GiB to give, so
 * its 512Mi are a twelfth of one: 4 $ a month.
 *
 * @example
 * ```ts
 * new Grafana("whisper-staging-grafana", {
 *   ownership, namespace: monitoring.placement, url: "https://ops.whisper.example.com/grafana",
 *   sources: [prometheusSource(prometheus.address, 30)], traffic: podTraffic(plan, grafana),
 *   facts: {
 *     gpuUsdPerHour: 1.57, elasticGpuPool: false, gpuSecretsDelivered: false, neo4jTellsMetrics: true,
 *   },
 * }, { provider: cluster.provider });
 * ```
 */
export class Grafana extends Component {
  constructor(name: string, args: GrafanaArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkArguments(checks, args) });
    const { signIn } = args;
    super(
      "whisper:grafana:Grafana",
      name,
      {
        ...args,
        namespace: args.namespace.name,
        ...(signIn && { signIn: { ...signIn, clientSecret: pulumi.secret(signIn.clientSecret) } }),
      },
      options,
    );
    const place = placeOf(name, "grafana", args, this);
    const dashboards = packDashboards(args.facts, args.runbooks ?? "docs/runbooks");
    const configuration = {
      "grafana.ini": grafanaConfiguration({
        url: args.url,
        homeDashboard: pathOf(applicationOverview),
        signIn,
      }),
      "data-sources.yaml": dataSourceProvisioning(args.sources),
      "dashboards.yaml": dashboardProvisioning(),
    } satisfies Record<keyof typeof configurationFiles, string>;
    const secrets = this.#drawSecrets(name, signIn);
    createDeployment(
      name,
      {
        configurationFiles: Object.entries(configurationFiles).map(([key, path]) => ({ key, path })),
        dashboardFiles: dashboards.map(({ key, path }) => ({ key, path: `${path}.gz` })),
        // Of what is packed: another version of Node may pack the same otherwise.
        fingerprint: fingerprint(
          configuration,
          Object.fromEntries(dashboards.map(({ path, json }) => [path, json])),
          secrets,
        ),
      },
      place,
      [
        ...args.namespace.guards,
        createAccount(name, place),
        this.#createConfiguration(
          name,
          configuration,
          Object.fromEntries(dashboards.map(({ key, packed }) => [key, packed])),
          place,
        ),
        this.#createSecret(name, secrets, place),
        createTrafficPolicy(name, args.traffic, place),
      ],
    );
    this.#createService(name, place);
    this.registerOutputs({ url: args.url });
  }

  #drawSecrets(name: string, signIn: SignIn | undefined): Record<string, pulumi.Output<string>> {
    const draw = (what: string) =>
      new random.RandomPassword(`${name}-${what}`, { length: 32, special: false }, { parent: this }).result;
    return {
      [secretFiles.adminPassword]: draw("admin-password"),
      [secretFiles.encryptionKey]: draw("encryption-key"),
      ...(signIn && { [secretFiles.clientSecret]: pulumi.secret(signIn.clientSecret) }),
    };
  }

  #createConfiguration(
    name: string,
    data: Record<string, string>,
    binaryData: Record<string, string>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    return new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data, binaryData }, options);
  }

  #createSecret(
    name: string,
    secrets: Record<string, pulumi.Output<string>>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    const data = Object.fromEntries(Object.entries(secrets).map(([file, text]) => [file, base64(text)]));
    return new kubernetes.core.v1.Secret(`${name}-secrets`, { metadata, type: "Opaque", data }, options);
  }

  #createService(name: string, { metadata, podLabels, options }: Place): void {
    new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: podLabels,
          ports: [{ name: "http", port: grafanaPort, targetPort: grafanaPort, protocol: "TCP" }],
        },
      },
      options,
    );
  }
}

/** Where the edge finds a Grafana, whether or not it is there yet. */
export const grafanaBackend = (name: string, namespace: NamespacePlacement): Backend => ({
  host: `${name}.${namespace.name}.svc.cluster.local`,
  port: grafanaPort,
});

function checkArguments(checks: ArgumentChecks, { url, sources, signIn }: GrafanaArgs): void {
  checks.check(
    "url",
    url,
    (text) => /^https:\/\/[a-z0-9.-]+(\/[a-z0-9-]+)*$/.test(text),
    (text) => `is "${text}", where nobody could sign in safely`,
    "Write it with https and without a slash at its end, as in https://ops.whisper.example.com/grafana.",
  );
  if (sources.length === 0) {
    checks.add("sources", "is empty, so there is nothing to see", "Name a Prometheus at the least.");
  }
  const seen = sources.map(({ uid }) => uid);
  for (const uid of new Set(seen.filter((each, index) => seen.indexOf(each) !== index))) {
    checks.add("sources", `has "${uid}" twice`, "Give each a uid of its own.");
  }
  if (signIn) checkSignIn(checks, signIn);
}

/** What is written into an expression, or would lock everybody out. */
function checkSignIn(checks: ArgumentChecks, { groupsClaim, groups, ...addresses }: SignIn): void {
  const named = Object.entries(groups).flatMap(([role, names = []]) =>
    names.map((group) => ({ role, group })),
  );
  if (named.length === 0) {
    checks.add("signIn.groups", "names no group, so nobody would be let in", "Name a group of a role.");
  }
  for (const { role, group } of named) {
    checks.check(
      `signIn.groups.${role}`,
      group,
      (text) => /^[\w .:@/-]+$/.test(text),
      (text) => `has "${text}", which is no group's name`,
      "Use letters, digits, spaces and . : @ / _ - only.",
    );
  }
  checks.check(
    "signIn.groupsClaim",
    groupsClaim,
    (text) => /^\w+$/.test(text),
    (text) => `is "${text}", which is no claim's name`,
    "Use letters, digits and underscores only.",
  );
  for (const key of ["authorizationUrl", "tokenUrl", "userInfoUrl"] as const) {
    checks.check(
      `signIn.${key}`,
      addresses[key],
      (text) => URL.canParse(text) && text.startsWith("https://") && !/\s/.test(text),
      (text) => `is "${text}", which is no https address`,
      "Copy it from the provider's discovery document (/.well-known/openid-configuration).",
    );
  }
}
