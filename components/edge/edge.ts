import * as digitalocean from "@pulumi/digitalocean";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import { checkOperatorRanges } from "../exposure.ts";
import { imageReference } from "../image-reference.ts";
import type { AddressPlan, BucketGrant, CertificateReference } from "../joints.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import type { Resources } from "../workload/pod.ts";
import { checkReplicas, type Replicas } from "../workload/sizing.ts";
import { Workload } from "../workload/workload.ts";
import { loadBalancerAnnotations } from "./load-balancer.ts";
import {
  type Backend,
  type Consoles,
  nginxConfiguration,
  releaseConfiguration,
  sitePort,
  statusPort,
} from "./nginx.ts";
import { exporterPort } from "./traffic.ts";

/** Arguments of {@link Edge}. */
export interface EdgeArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces it, and the load balancer's address with it.
   */
  readonly namespace: NamespacePlacement;
  /** Ranges of the network; connections from within are believed when they name their client. */
  readonly addresses: AddressPlan;
  /** Domain of the front end. @example "whisper.example.com" */
  readonly siteDomain: string;
  /** Domain of the API. @example "api.whisper.example.com" */
  readonly apiDomain: string;
  /** Certificate for both domains. */
  readonly certificate: CertificateReference;
  /** Front end. */
  readonly web: Backend;
  /** API as configured, and the release on its way in. */
  readonly api: {
    /** What serves. */
    readonly stable: Backend;
    /** What is to serve next. */
    readonly candidate: Backend;
  };
  /** What operators reach on a host of their own, and nobody else. */
  readonly consoles: Omit<Consoles, "resolver">;
  /** What nginx may connect to, and what to it: the traffic plan's for `edge`. */
  readonly traffic: PodTraffic;
  /** Bucket the front end loads media from and uploads to. */
  readonly media: BucketGrant;
  /** Ranges of addresses that reach `/admin` and the consoles. @example ["203.0.113.0/24"] */
  readonly adminCidrs: readonly string[];
  /**
   * Who takes the spans of browsers.
   * @default no browser sends any
   * @example collector.browsers
   */
  readonly browserSpans?: Backend;
  /**
   * Origin to which browsers report their errors.
   * @default they report none
   * @example "https://errors.example.com"
   */
  readonly errorTracker?: string;
  /** How many nginx there are, at least one. */
  readonly replicas: Replicas;
  /**
   * Nodes of the load balancer; each carries 10,000 connections at once.
   * @default 1
   */
  readonly loadBalancerNodes?: number;
  /**
   * Largest upload.
   * @default 2048
   */
  readonly uploadLimitMib?: number;
  /**
   * Requests a second that one address may make of the API.
   * @default 20
   */
  readonly apiRequestsPerSecond?: number;
  /**
   * Connections one address may hold open.
   * @default 100
   */
  readonly connectionsPerAddress?: number;
  /**
   * How long a WebSocket may be silent; DigitalOcean's load balancers allow 30 to 600.
   * @default 600
   */
  readonly webSocketIdleSeconds?: number;
}

/** What each container of the edge is promised and allowed. */
export const edgeResources = {
  nginx: { cpu: "100m", cpuLimit: "1", memory: "128Mi" },
  exporter: { cpu: "10m", cpuLimit: "100m", memory: "32Mi" },
} as const satisfies Record<string, Resources>;

/** Service of the cluster's resolver, under the name that it has everywhere. */
const clusterResolver = "kube-dns.kube-system.svc.cluster.local";

const configurationFolder = "/etc/edge";

/**
 * What the internet reaches: nginx behind a DigitalOcean load balancer, which ends TLS with a Let's Encrypt
 * certificate and names each client by the PROXY protocol.
 *
 * nginx adds the security headers, limits what one address may ask, lets large uploads through, and shows the
 * administration to named ranges only. Which share of the API's clients meets a candidate stands in a ConfigMap
 * of its own: a release writes it, and a plain `up` leaves it as it is.
 *
 * ### Cost
 * Each node of the load balancer is 12 $ a month; nginx takes room on the cluster's nodes.
 * Staging: 1 x 12 = 12 $ a month. Production: 2 x 12 = 24 $ a month.
 *
 * @example
 * ```ts
 * const edge = new Edge("whisper-staging-edge", {
 *   ownership, namespace: namespace.placement, addresses: network.placement.addresses,
 *   siteDomain, apiDomain, certificate: dns.certificate, web: application.web, api: application.api,
 *   traffic: podTraffic(plan, edge), media: media.grants.application,
 *   replicas: 1, adminCidrs: ["203.0.113.0/24"],
 *   consoles: { domain: "ops.whisper.example.com", backends: { grafana: { host, port: 3000 } } },
 * }, { provider: cluster.provider });
 * ```
 */
export class Edge extends Component {
  /** Address of the load balancer, for the domain's records. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({
      [name]: (checks) => {
        checkEdgeSizing(checks, args);
        checkOperators(checks, args);
      },
    });
    super("whisper:edge:Edge", name, { ...args, namespace: args.namespace.name }, options);

    const configuration = this.#createConfiguration(name, args);
    const nginx = this.#createNginx(name, args, configuration);
    const service = this.#createService(name, args, nginx);

    this.address = this.#addressOf(name, service);
    this.registerOutputs({ address: this.address });
  }

  /** The Service itself says a name; the load balancer is there when the Service is. */
  #addressOf(name: string, service: kubernetes.core.v1.Service): pulumi.Output<string> {
    const balancer = service.status.apply(() => name);
    return digitalocean.getLoadBalancerOutput({ name: balancer }, { parent: this }).ip;
  }

  #createConfiguration(name: string, args: EdgeArgs): Configuration {
    const { namespace, ownership } = args;
    const metadata = (child: string) => ({
      name: `${name}-${child}`,
      namespace: namespace.name,
      labels: labelsOf(ownership, "edge"),
    });
    const text = pulumi.all([args.media.bucket, args.media.region]).apply(([bucket, region]) =>
      nginxConfiguration({
        siteDomain: args.siteDomain,
        apiDomain: args.apiDomain,
        web: args.web,
        api: args.api,
        consoles: { ...args.consoles, resolver: clusterResolver },
        ...(args.browserSpans && { browserSpans: args.browserSpans }),
        ...(args.errorTracker !== undefined && { errorTracker: args.errorTracker }),
        adminCidrs: args.adminCidrs,
        trustedProxyCidrs: [args.addresses.vpc, args.addresses.pods],
        mediaOrigins: [`https://${bucket}.${region}.digitaloceanspaces.com`],
        uploadLimitMib: args.uploadLimitMib ?? 2048,
        apiRequestsPerSecond: args.apiRequestsPerSecond ?? 20,
        connectionsPerAddress: args.connectionsPerAddress ?? 100,
        webSocketIdleSeconds: args.webSocketIdleSeconds ?? 600,
      }),
    );
    const options = { parent: this, dependsOn: namespace.guards };
    const guards = [
      new kubernetes.core.v1.ConfigMap(
        `${name}-nginx`,
        { metadata: metadata("nginx"), data: { "nginx.conf": text } },
        options,
      ),
      new kubernetes.core.v1.ConfigMap(
        `${name}-release`,
        { metadata: metadata("release"), data: { "release.conf": releaseConfiguration(0) } },
        // The weights are the releases' to set.
        { ...options, ignoreChanges: ["data"] },
      ),
    ];
    return { fingerprint: fingerprint({ text }), guards: [...namespace.guards, ...guards] };
  }

  #createNginx(name: string, args: EdgeArgs, configuration: Configuration): Workload {
    return new Workload(
      `${name}-proxy`,
      {
        ownership: args.ownership,
        component: "edge",
        namespace: { ...args.namespace, guards: configuration.guards },
        replicas: args.replicas,
        podAnnotations: {
          "whisper.platform/configuration": configuration.fingerprint,
          "prometheus.io/scrape": "true",
          "prometheus.io/port": String(exporterPort),
          "prometheus.io/path": "/metrics",
        },
        traffic: args.traffic,
        pod: {
          userId: 101,
          priority: "edge",
          graceSeconds: 60,
          volumes: [configurationVolume(name)],
          containers: [
            {
              name: "nginx",
              image: imageReference(containerImages.nginx),
              command: ["nginx", "-c", `${configurationFolder}/nginx.conf`, "-g", "daemon off;"],
              resources: edgeResources.nginx,
              ports: { site: sitePort, status: statusPort },
              health: { path: "/healthz", port: statusPort },
              drainSeconds: 15,
              mounts: { configuration: { path: configurationFolder, readOnly: true } },
            },
            {
              name: "exporter",
              image: imageReference(containerImages.nginxExporter),
              arguments: [`--nginx.scrape-uri=http://127.0.0.1:${statusPort}/stub_status`],
              resources: edgeResources.exporter,
              ports: { metrics: exporterPort },
              health: { path: "/metrics", port: exporterPort },
              drainSeconds: 15,
            },
          ],
        },
      },
      { parent: this },
    );
  }

  #createService(name: string, args: EdgeArgs, nginx: Workload): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      `${name}-load-balancer`,
      {
        metadata: {
          name: `${name}-load-balancer`,
          namespace: args.namespace.name,
          labels: labelsOf(args.ownership, "edge"),
          annotations: loadBalancerAnnotations({
            name,
            hostname: args.siteDomain,
            certificate: args.certificate,
            nodes: args.loadBalancerNodes ?? 1,
            idleTimeoutSeconds: args.webSocketIdleSeconds ?? 600,
          }),
        },
        spec: {
          type: "LoadBalancer",
          selector: { "app.kubernetes.io/name": "edge", "app.kubernetes.io/instance": `${name}-proxy` },
          ports: [
            { name: "http", port: 80, targetPort: sitePort, protocol: "TCP" },
            { name: "https", port: 443, targetPort: sitePort, protocol: "TCP" },
          ],
        },
      },
      { parent: this, dependsOn: [nginx] },
    );
  }
}

/** What nginx reads, and what must be there before it does. */
interface Configuration {
  readonly fingerprint: pulumi.Output<string>;
  readonly guards: pulumi.Resource[];
}

/** Both ConfigMaps in one folder, the weights in a folder below. */
function configurationVolume(name: string) {
  return {
    name: "configuration",
    projected: {
      sources: [
        { configMap: { name: `${name}-nginx`, items: [{ key: "nginx.conf", path: "nginx.conf" }] } },
        {
          configMap: {
            name: `${name}-release`,
            items: [{ key: "release.conf", path: "release/release.conf" }],
          },
        },
      ],
    },
  };
}

/** Of an {@link Edge}'s arguments, what is decided by size and care. */
export type EdgeSizing = Pick<
  EdgeArgs,
  | "replicas"
  | "loadBalancerNodes"
  | "webSocketIdleSeconds"
  | "uploadLimitMib"
  | "apiRequestsPerSecond"
  | "connectionsPerAddress"
>;

/** Finds what is wrong with the size of an {@link Edge}. */
export function checkEdgeSizing(checks: ArgumentChecks, args: EdgeSizing): void {
  checkReplicas(checks, "replicas", args.replicas, 1);
  checks.range("loadBalancerNodes", args.loadBalancerNodes, 1, 200);
  checks.range("webSocketIdleSeconds", args.webSocketIdleSeconds, 30, 600);
  checks.range("uploadLimitMib", args.uploadLimitMib, 1, 10_240);
  checks.range("apiRequestsPerSecond", args.apiRequestsPerSecond, 1, 100_000);
  checks.range("connectionsPerAddress", args.connectionsPerAddress, 1, 100_000);
}

function checkOperators(checks: ArgumentChecks, { adminCidrs }: EdgeArgs): void {
  if (adminCidrs.length === 0) {
    checks.add(
      "adminCidrs",
      "is empty, so nobody reaches the administration",
      "Name the ranges operators come from.",
    );
  }
  checkOperatorRanges(checks, "adminCidrs", adminCidrs);
}
