import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import { containerImages } from "../../catalog/images.ts";
import { Component } from "../component.ts";
import type { Backend } from "../edge/nginx.ts";
import { imageReference } from "../image-reference.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { placeOf } from "../workload/place.ts";
import type { Resources } from "../workload/pod.ts";
import { Workload } from "../workload/workload.ts";
import { kibanaPort } from "./traffic.ts";

/** Arguments of a {@link Kibana}. */
export interface KibanaArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /** Where it goes. */
  readonly namespace: NamespacePlacement;
  /** Where operators find it; its last part is the path below which all of it is. @example "https://ops.whisper.example.com/kibana" */
  readonly url: string;
  /** Addresses of Elasticsearch's nodes. @example elasticsearch.addresses */
  readonly elasticsearch: readonly string[];
  /** With which it signs in there as `kibana`. Secret. @example elasticsearch.kibanaPassword */
  readonly password: pulumi.Output<string>;
  /** Whom it believes to be Elasticsearch, in PEM. @example elasticsearch.authority */
  readonly authority: pulumi.Output<string>;
  /** What it may connect to, and what to it: the traffic plan's for `kibana`. */
  readonly traffic: PodTraffic;
}

/** What Kibana is promised and allowed. */
export const kibanaResources: Resources = { cpu: "200m", cpuLimit: "1", memory: "1536Mi" };

/** Of its memory, what its objects may take. */
const heapMib = 1024;

/** The path below which it answers, within the cluster too. */
export const kibanaPath = "/kibana";

const folders = {
  configuration: "/usr/share/kibana/config",
  certificates: "/usr/share/kibana/certificates",
  data: "/usr/share/kibana/data",
} as const;

/** Variables that its image does not know: those that it knows become arguments, which everybody on the node can read. */
const variables = { password: "STORE_PASSWORD", encryptionKey: "STORED_OBJECTS_KEY" } as const;

const workloadName = (name: string) => `${name}-console`;

/** Where Kibana answers within the cluster. */
export const kibanaBackend = (name: string, namespace: Pick<NamespacePlacement, "name">): Backend => ({
  host: `${workloadName(name)}.${namespace.name}.svc.cluster.local`,
  port: kibanaPort,
});

/**
 * Kibana: logs, searched by people. It stands behind the edge, which lets in operators alone, and asks everybody for a name
 * and a password of Elasticsearch's.
 *
 * ### Cost
 * Nothing of its own: 0.2 processor and 1.5 GiB of the cluster's nodes.
 *
 * @example
 * ```ts
 * new Kibana("whisper-production-kibana", {
 *   ownership, namespace: logs.placement, url: "https://ops.whisper.example.com/kibana",
 *   elasticsearch: elasticsearch.addresses, password: elasticsearch.kibanaPassword, authority: elasticsearch.authority,
 *   traffic: podTraffic(plan, kibana),
 * }, { provider: cluster.provider });
 * ```
 */
export class Kibana extends Component {
  constructor(name: string, args: KibanaArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:kibana:Kibana", name, { ...args, namespace: args.namespace.name }, options);
    const { metadata, options: within } = placeOf(name, "kibana", args, this);
    const key = new random.RandomPassword(
      `${name}-encryption-key`,
      { length: 48, special: false },
      { parent: this },
    );
    const files = {
      "kibana.yml": configurationOf(args),
      "node.options": `--max-old-space-size=${heapMib}\n`,
    };
    const secrets = {
      [variables.password]: args.password,
      [variables.encryptionKey]: key.result,
      "ca.crt": args.authority,
    };
    const map = new kubernetes.core.v1.ConfigMap(`${name}-configuration`, { metadata, data: files }, within);
    const secret = new kubernetes.core.v1.Secret(
      `${name}-secrets`,
      {
        metadata,
        type: "Opaque",
        data: Object.fromEntries(Object.entries(secrets).map(([file, text]) => [file, base64(text)])),
      },
      within,
    );
    new Workload(
      workloadName(name),
      {
        ownership: args.ownership,
        component: "kibana",
        namespace: { ...args.namespace, guards: [...args.namespace.guards, map, secret] },
        replicas: 1,
        servicePort: kibanaPort,
        podAnnotations: { "whisper.platform/configuration": fingerprint(files, secrets) },
        traffic: args.traffic,
        pod: {
          userId: 1000,
          priority: "monitoring",
          volumes: [
            { name: "configuration", configMap: { name } },
            {
              name: "certificates",
              secret: { secretName: name, defaultMode: 0o440, items: [{ key: "ca.crt", path: "ca.crt" }] },
            },
          ],
          containers: [
            {
              name: "kibana",
              image: imageReference(containerImages.kibana),
              resources: kibanaResources,
              environmentFrom: [{ secret: name }],
              ports: { http: kibanaPort },
              // Without Elasticsearch it is not ready, and no better for being started anew.
              health: { port: kibanaPort },
              readiness: { path: `${kibanaPath}/api/status`, port: kibanaPort },
              startupSeconds: 300,
              scratchFolders: ["/tmp", folders.data],
              mounts: {
                configuration: { path: folders.configuration, readOnly: true },
                certificates: { path: folders.certificates, readOnly: true },
              },
            },
          ],
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** The whole kibana.yml; what is secret it takes from its environment. */
function configurationOf({ url, elasticsearch }: Pick<KibanaArgs, "url" | "elasticsearch">): string {
  const encryptionKey = `\${${variables.encryptionKey}}`;
  return stringify(
    {
      "server.host": "0.0.0.0",
      "server.port": kibanaPort,
      "server.basePath": kibanaPath,
      "server.rewriteBasePath": true,
      "server.publicBaseUrl": url,
      "elasticsearch.hosts": [...elasticsearch],
      "elasticsearch.username": "kibana",
      "elasticsearch.password": `\${${variables.password}}`,
      "elasticsearch.ssl.certificateAuthorities": [`${folders.certificates}/ca.crt`],
      "path.data": folders.data,
      // Probes and who sets it up ask how it is, and learn nothing else.
      "status.allowAnonymous": true,
      "xpack.security.encryptionKey": encryptionKey,
      "xpack.security.secureCookies": true,
      "xpack.security.session.idleTimeout": "8h",
      "xpack.security.session.lifespan": "1d",
      "xpack.encryptedSavedObjects.encryptionKey": encryptionKey,
      "xpack.reporting.encryptionKey": encryptionKey,
      // Nothing is told to its makers, and nothing fetched from them.
      "telemetry.optIn": false,
      "telemetry.allowChangingOptInStatus": false,
      "newsfeed.enabled": false,
      "map.includeElasticMapsService": false,
    },
    { lineWidth: 0 },
  );
}
