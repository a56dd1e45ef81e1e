import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { storeLabels } from "../store.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createClaims } from "../workload/claims.ts";
import { createAccount, createDisruptionBudget, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { alertmanagerConfiguration } from "./configuration.ts";
import { messageTemplates, templatesFile } from "./messages.ts";
import {
  type ReceiverSecrets,
  type Receivers,
  type SecretWay,
  secretFiles,
  tellsSomebody,
  waysOf,
} from "./receivers.ts";
import { claimSpec, createStatefulSet, folders, hostsOf } from "./stateful-set.ts";
import { alertmanagerPorts } from "./traffic.ts";

/** Arguments of {@link Alertmanager}. */
export interface AlertmanagerArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it, and forgets what is silenced.
   */
  readonly namespace: NamespacePlacement;
  /** How many there are. Each gets every alert; they tell each other what was told, so that people are told once. */
  readonly replicas: 1 | 2;
  /** Who is told, and how. */
  readonly receivers: Receivers;
  /** What is secret of each way of telling. */
  readonly secrets: ReceiverSecrets;
  /** What it may connect to, and what to it: the traffic plan's for `alertmanager`. */
  readonly traffic: PodTraffic;
  /**
   * Whether the engine refuses to delete its volumes.
   * @default true
   */
  readonly protect?: boolean;
}

/** What is silenced, and who was told of what: when it is lost, people are told once more. */
const declaration: StoreDeclaration = {
  store: "volume",
  backup: "none",
  recovery: { point: "everything", time: "1h" },
};

/**
 * Alertmanager: tells people what Prometheus has found, each thing once, those whom it concerns, and not at night what can
 * wait. What is secret stays in files of a Secret, which it reads when it sends: a new webhook needs no restart.
 *
 * ### Cost
 * A volume of 1 GiB for each replica, 0.10 $ a GiB and month. Staging: 1 x 0.10 = 0.10 $ a month.
 * Production: 2 x 0.10 = 0.20 $ a month.
 *
 * @example
 * ```ts
 * new Alertmanager("whisper-staging-alertmanager", {
 *   ownership, namespace: monitoring.placement, replicas: 1, traffic: podTraffic(plan, alertmanager),
 *   receivers: { slack: { channel: "#alerts" }, workingHours: { timeZone: "America/Toronto", from: "09:00", to: "18:00" } },
 *   secrets: { slack: slackWebhook },
 * }, { provider: cluster.provider });
 * ```
 */
export class Alertmanager extends Component {
  /** Addresses of the replicas within the cluster, as `host:port`: Prometheus sends to every one. */
  readonly addresses: readonly string[];
  /** Address within the cluster of whichever replica answers. */
  readonly address: string;

  constructor(name: string, args: AlertmanagerArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkSecrets(checks, args) });
    const secrets = secretsOf(args);
    super(
      "whisper:alertmanager:Alertmanager",
      name,
      { ...args, namespace: args.namespace.name, secrets },
      options,
    );
    const place = placeOf(name, "alertmanager", args, this);
    const volume = { spec: claimSpec, storeLabels: storeLabels(declaration) };
    const configuration = {
      "alertmanager.yml": alertmanagerConfiguration(args.receivers, folders),
      [templatesFile]: messageTemplates,
    };
    const hasSecrets = Object.keys(secrets).length > 0;
    createStatefulSet(
      name,
      { replicas: args.replicas, hasSecrets, volume, configuration: fingerprint(configuration) },
      place,
      [
        ...args.namespace.guards,
        createAccount(name, place),
        this.#createConfiguration(name, configuration, place),
        ...(hasSecrets ? [this.#createSecret(name, secrets, place)] : []),
        createTrafficPolicy(name, args.traffic, place),
        ...createClaims(name, { ...volume, count: args.replicas, protect: args.protect ?? true }, place),
        this.#createService(name, place),
      ],
    );
    if (args.replicas > 1) createDisruptionBudget(name, place);
    if (!tellsSomebody(args.receivers)) {
      const missing = "no Slack, no PagerDuty and no mail server is configured";
      pulumi.log.warn(
        `Alertmanager tells nobody: ${missing}. docs/alerts.md says how. DigitalOcean's own alerts go out all the same.`,
        this,
      );
    }

    this.addresses = hostsOf(place.metadata, args.replicas).map(
      (host) => `${host}:${alertmanagerPorts.http}`,
    );
    this.address = `http://${name}.${args.namespace.name}.svc.cluster.local:${alertmanagerPorts.http}`;
    this.registerOutputs({ addresses: [...this.addresses] });
  }

  #createConfiguration(
    name: string,
    data: Record<string, string>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    return new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
  }

  #createSecret(
    name: string,
    secrets: Record<string, pulumi.Input<string>>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    const data = Object.fromEntries(Object.entries(secrets).map(([file, text]) => [file, base64(text)]));
    return new kubernetes.core.v1.Secret(`${name}-secrets`, { metadata, type: "Opaque", data }, options);
  }

  /** Gives each replica a name, whether or not it is ready. */
  #createService(name: string, { metadata, podLabels, options }: Place): pulumi.Resource {
    const { http } = alertmanagerPorts;
    return new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: podLabels,
          ports: [{ name: "http", port: http, targetPort: http, protocol: "TCP" }],
        },
      },
      options,
    );
  }
}

/** The files of the Secret. */
function secretsOf({ secrets }: AlertmanagerArgs): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    (Object.entries(secrets) as [SecretWay, pulumi.Input<string>][]).map(([way, text]) => [
      secretFiles[way],
      pulumi.secret(text),
    ]),
  );
}

/** A way without its secret tells nobody, and a secret without its way lies about for nothing. */
function checkSecrets(checks: ArgumentChecks, { receivers, secrets }: AlertmanagerArgs): void {
  const used = new Set(waysOf(receivers));
  for (const way of Object.keys(secretFiles) as SecretWay[]) {
    const given = secrets[way] !== undefined;
    if (given === used.has(way)) continue;
    const path = given ? `receivers.${way}` : `secrets.${way}`;
    checks.add(path, "is missing, and its other half is given", "Give both or neither.");
  }
  if (receivers.escalation !== undefined && receivers.email === undefined) {
    const problem = "is given, and no mail server would send its messages";
    checks.add("receivers.escalation", problem, "Give receivers.email too, or take it out.");
  }
}
