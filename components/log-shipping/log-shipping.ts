import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { nodeAgents } from "../../catalog/node-agents.ts";
import { Component } from "../component.ts";
import { imageReference } from "../image-reference.ts";
import type { LogStore } from "../joints.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { createNodeAgent } from "../workload/node-agent.ts";
import { type Place, placeOf } from "../workload/place.ts";
import type { Resources } from "../workload/pod.ts";
import { folders, recordScript, shippingConfiguration } from "./configuration.ts";
import { passwordVariable } from "./stores.ts";
import { shippingPorts } from "./traffic.ts";

/** Arguments of {@link LogShipping}. */
export interface LogShippingArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes: the namespace of node agents, which enforces no pod security standard.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /** Where logs are kept. @example loki.store */
  readonly store: LogStore;
  /**
   * What the names of the environment's own pods begin with: without it they are what searches name.
   * @example "whisper-staging-"
   */
  readonly namePrefix: string;
  /** What may connect to it, and to what it may connect: the traffic plan's for `log-shipping`. */
  readonly traffic: PodTraffic;
}

/** What Fluent Bit is promised and allowed on each node. */
export const logShippingResources: Resources = { cpu: "25m", cpuLimit: "500m", memory: "96Mi" };

const configurationFile = "fluent-bit.yaml";

/**
 * Fluent Bit on every node: what containers write to their output, lines of one trace as one, JSON taken apart, all in one
 * form; what is personal or secret masked before it leaves the node; what is worth an alert counted for Prometheus. The
 * same wherever it is kept.
 *
 * It asks nobody which pods there are: a file's name says whose it is, so that no token of Kubernetes is on the nodes. How
 * far it has read, and what the store has not taken, is on the node's own disk.
 *
 * ### Cost
 * Nothing of its own: 0.025 processor and 96 MiB of each node.
 *
 * @example
 * ```ts
 * new LogShipping("whisper-staging-log-shipping", {
 *   ownership, namespace: nodeAgents.placement, store: loki.store, namePrefix: "whisper-staging-",
 *   traffic: podTraffic(plan, logShipping),
 * }, { provider: cluster.provider });
 * ```
 */
export class LogShipping extends Component {
  constructor(name: string, args: LogShippingArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "whisper:log-shipping:LogShipping",
      name,
      { ...args, namespace: args.namespace.name, store: args.store.kind },
      options,
    );
    const { store, ownership, namePrefix } = args;
    const { environment } = ownership;
    const place = placeOf(name, "log-shipping", args, this);
    const data = {
      [configurationFile]: shippingConfiguration({ ownName: name, environment, store }),
      [recordScript.file]: recordScript.text,
    };
    const secrets = secretsOf(store);

    createNodeAgent(
      name,
      {
        agent: nodeAgents["log-shipping"],
        resources: logShippingResources,
        // Where the node has them: what a position belongs to is a path.
        mountPathOf: (path) => path,
        volumes: [
          { name: "settings", configMap: { name } },
          { name: "scratch", emptyDir: { sizeLimit: "16Mi" } },
          ...(secrets ? [{ name: "secrets", secret: { secretName: name, defaultMode: 0o400 } }] : []),
        ],
        annotations: {
          "whisper.platform/configuration": fingerprint(data, secrets ?? {}),
          "prometheus.io/scrape": "true",
          "prometheus.io/port": String(shippingPorts.metrics),
          "prometheus.io/path": "/metrics",
        },
        container: {
          name: "fluent-bit",
          image: imageReference(containerImages.fluentBit),
          args: ["/fluent-bit/bin/fluent-bit", "-c", `${folders.settings}/${configurationFile}`],
          env: [
            { name: "ENVIRONMENT", value: environment },
            { name: "NAME_PREFIX", value: namePrefix },
            { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
            ...(secrets
              ? [
                  {
                    name: passwordVariable,
                    valueFrom: { secretKeyRef: { name, key: passwordVariable } },
                  },
                ]
              : []),
          ],
          ports: [{ name: "metrics", containerPort: shippingPorts.metrics, protocol: "TCP" }],
          // A store that does not answer is no reason to start anew: what waits for it would be read once more.
          health: { path: "/api/v1/uptime", port: shippingPorts.health },
          volumeMounts: [
            { name: "settings", mountPath: folders.settings, readOnly: true },
            { name: "scratch", mountPath: "/tmp" },
            ...(secrets ? [{ name: "secrets", mountPath: folders.secrets, readOnly: true }] : []),
          ],
        },
      },
      place,
      [
        ...args.namespace.guards,
        this.#createConfiguration(name, data, place),
        ...(secrets ? [this.#createSecret(name, secrets, place)] : []),
        createAccount(name, place),
        createTrafficPolicy(name, args.traffic, place),
      ],
    );
    this.registerOutputs();
  }

  #createConfiguration(name: string, data: Record<string, string>, { metadata, options }: Place) {
    return new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
  }

  #createSecret(name: string, secrets: Record<string, pulumi.Output<string>>, { metadata, options }: Place) {
    const data = Object.fromEntries(Object.entries(secrets).map(([key, text]) => [key, base64(text)]));
    return new kubernetes.core.v1.Secret(`${name}-secrets`, { metadata, type: "Opaque", data }, options);
  }
}

/** What it needs to be let in by the store; nothing where the network alone decides. */
function secretsOf(store: LogStore): Record<string, pulumi.Output<string>> | undefined {
  if (store.kind === "loki") return undefined;
  return { [passwordVariable]: store.password, "ca.crt": store.caCertificate };
}
