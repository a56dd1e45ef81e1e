import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { nodeAgents } from "../../catalog/node-agents.ts";
import { Component } from "../component.ts";
import { imageReference } from "../image-reference.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createTrafficPolicy } from "../workload/companions.ts";
import { createNodeAgent, type NodeAgentArgs } from "../workload/node-agent.ts";
import { type Place, placeOf } from "../workload/place.ts";
import type { Resources } from "../workload/pod.ts";
import { falcoConfiguration, falcoRules, hostRoot, settingsFolder } from "./configuration.ts";
import { falcoPort } from "./traffic.ts";

/** Arguments of {@link Falco}. */
export interface FalcoArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes: the namespace of node agents, which enforces no pod security standard.
   *
   * Caution: a change replaces it.
   */
  readonly namespace: NamespacePlacement;
  /**
   * What the names of the namespaces begin with that its own rules are about.
   * @example "whisper-staging-"
   */
  readonly namespacePrefix: string;
  /** What may connect to it, and to what it may connect: the traffic plan's for `falco`. */
  readonly traffic: PodTraffic;
}

/** What Falco is promised and allowed on each node. */
export const falcoResources: Resources = { cpu: "100m", cpuLimit: "1", memory: "256Mi" };

/**
 * Runtime intrusion detection: Falco on every node, dedicated ones included, which sees the system calls of all
 * containers and says when one does what none should.
 *
 * It is not privileged: of the capabilities it keeps the four that its eBPF probe needs, and of the node it reads what
 * `catalog/node-agents.ts` names. What it finds is a line of JSON on its output and a counter of Prometheus'.
 *
 * ### Cost
 * Nothing of its own: 0.1 processor and 256 MiB of each node. Of an s-1vcpu-2gb, which has 1 GiB to give, that is a
 * quarter; of a g-4vcpu-16gb a fiftieth.
 *
 * @example
 * ```ts
 * new Falco("whisper-staging-falco", {
 *   ownership, namespace: nodeAgents.placement, namespacePrefix: "whisper-staging-", traffic: podTraffic(plan, falco),
 * }, { provider: cluster.provider });
 * ```
 */
export class Falco extends Component {
  constructor(name: string, args: FalcoArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:falco:Falco", name, { ...args, namespace: args.namespace.name }, options);
    const place = placeOf(name, "falco", args, this);
    const data = { "falco.yaml": falcoConfiguration(), "rules.yaml": falcoRules(args.namespacePrefix) };

    const configuration = this.#createConfiguration(name, data, place);
    const account = createAccount(name, place);
    const traffic = createTrafficPolicy(name, args.traffic, place);
    createNodeAgent(
      name,
      {
        agent: nodeAgents.falco,
        resources: falcoResources,
        mountPathOf,
        volumes: [
          { name: "settings", configMap: { name } },
          { name: "scratch", emptyDir: { sizeLimit: "64Mi" } },
        ],
        annotations: {
          "whisper.platform/configuration": fingerprint(data),
          "prometheus.io/scrape": "true",
          "prometheus.io/port": String(falcoPort),
          "prometheus.io/path": "/metrics",
        },
        container,
      },
      place,
      [...args.namespace.guards, configuration, account, traffic],
    );
    this.registerOutputs();
  }

  #createConfiguration(name: string, data: Record<string, string>, { metadata, options }: Place) {
    return new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data }, options);
  }
}

const container: NodeAgentArgs["container"] = {
  name: "falco",
  image: imageReference(containerImages.falco),
  args: ["/usr/bin/falco"],
  env: [
    { name: "HOST_ROOT", value: hostRoot },
    ...["FALCO_HOSTNAME", "FALCO_K8S_NODE_NAME"].map((name) => ({
      name,
      valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } },
    })),
  ],
  ports: [{ name: "metrics", containerPort: falcoPort, protocol: "TCP" }],
  health: { path: "/healthz", port: falcoPort },
  // The runtime's profile forbids the looks at other processes that are its work.
  unconfined: true,
  volumeMounts: [
    { name: "settings", mountPath: `${settingsFolder}/falco.yaml`, subPath: "falco.yaml", readOnly: true },
    {
      name: "settings",
      mountPath: `${settingsFolder}/rules.d/rules.yaml`,
      subPath: "rules.yaml",
      readOnly: true,
    },
    { name: "scratch", mountPath: "/tmp" },
  ],
};

/** The kernel's own files are looked for where they are; all others below the root of the node. */
const mountPathOf = (path: string): string => (path.startsWith("/sys/") ? path : `${hostRoot}${path}`);
