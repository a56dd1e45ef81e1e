import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { neo4j as engine } from "../../catalog/engines.ts";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { judgeTogether } from "../errors.ts";
import type { Neo4jConnection } from "../joints.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import { storeLabels } from "../store.ts";
import { type Certificates, createCertificates } from "../workload/certificates.ts";
import { claimName, createClaims } from "../workload/claims.ts";
import { createAccount, createDisruptionBudget, createTrafficPolicy } from "../workload/companions.ts";
import { placeOf } from "../workload/place.ts";
import { checkNeo4j, membersOf, memoryMibOf, type Neo4jArgs } from "./arguments.ts";
import { backupSource, database, type Neo4jBackupSource } from "./backup.ts";
import { certificateFiles, passwordKey, serverConfiguration } from "./configuration.ts";
import { memorySettings } from "./memory.ts";
import { claimSpec, memberHost, type Place } from "./place.ts";
import { createStatefulSet } from "./stateful-set.ts";
import { neo4jParty } from "./traffic.ts";

/** Nobody keeps copies of its volumes where they are: what is needed of them takes a backup. */
const declaration: StoreDeclaration = {
  store: "neo4j",
  backup: "none",
  recovery: { point: "1d", time: "4h" },
};

/** The only user of the community edition, and the administrator of the enterprise edition. */
const userName = "neo4j";

/**
 * The platform's Neo4j on Kubernetes: one server of the community edition, or a cluster of the enterprise edition that
 * survives the loss of a member. Nobody gets in without TLS and the password, which is drawn at random; the network policy
 * lets in whom the traffic plan names. Members speak to each other with certificates on both sides.
 *
 * A change of its settings restarts the servers one by one. Of the cluster each is waited for until it takes part again, so
 * that most of them are always there; the one server of the community edition is away meanwhile.
 *
 * Caution: the component's name is in that of each object and volume. Under another it would begin anew, but for
 * {@link Neo4jArgs.cloudName} and an alias.
 *
 * The password is the server's from its first start: one drawn anew later is not taken up by itself (`ALTER USER`).
 *
 * ### Cost
 * 0.10 $ a GiB and month for each server's volume; the nodes are the cluster's. Staging: 1 x 10 x 0.10 = 1 $ a month.
 * Production: 3 x 50 x 0.10 = 15 $ a month. The enterprise edition's licence is Neo4j's to price.
 *
 * @example
 * ```ts
 * new Neo4j("whisper-staging-neo4j", {
 *   ownership, namespace: stores.placement, traffic: podTraffic(plan, neo4jTraffic),
 *   edition: "community", nodeSize: "s-4vcpu-8gb",
 *   resources: { cpu: "250m", cpuLimit: "2", memory: "2Gi" }, diskGib: 10,
 * }, { provider: cluster.provider });
 * ```
 */
export class Neo4j extends Component {
  readonly connection: Neo4jConnection;
  /** Where it answers, as `host:port`, on TLS. */
  readonly address: string;
  readonly backup: Neo4jBackupSource;

  constructor(name: string, args: Neo4jArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkNeo4j(checks, args) });
    super("whisper:neo4j:Neo4j", name, { ...args, namespace: args.namespace.name }, options);
    const place = this.#place(name, args);
    const cloudName = place.metadata.name;
    const claimNames = Array.from({ length: membersOf(args) }, (_, ordinal) => claimName(cloudName, ordinal));
    const hosts = claimNames.map((_, ordinal) => memberHost(place, `${cloudName}-${ordinal}`));

    const password = this.#drawPassword(name);
    const configuration = serverConfiguration({
      edition: args.edition,
      memory: memorySettings(memoryMibOf(args)),
      members: hosts,
    });
    const host = `${cloudName}.${args.namespace.name}.svc.cluster.local`;
    this.address = `${host}:${engine.boltPort}`;
    const certificates = createCertificates(name, { cloudName, hosts: [host, ...hosts] }, this);
    const claims = createClaims(
      name,
      { ...place.volume, count: membersOf(args), protect: args.protect ?? true },
      place,
    );
    const servers = createStatefulSet(
      name,
      args,
      {
        configurationMap: `${cloudName}-configuration`,
        secret: `${cloudName}-secrets`,
        certificates: `${cloudName}-certificates`,
        // Servers read a certificate when they start: a renewed one restarts them, one after another.
        fingerprint: fingerprint({ configuration, ...certificates }),
      },
      place,
      [
        ...args.namespace.guards,
        createAccount(name, place),
        this.#createConfiguration(name, configuration, place),
        this.#createSecret(name, password, place),
        this.#createCertificatesSecret(name, certificates, place),
        createTrafficPolicy(name, args.traffic, place),
        ...claims,
        ...this.#createServices(name, place),
      ],
    );
    createDisruptionBudget(name, place);

    this.connection = {
      // Whoever takes the address thereby waits until somebody answers there.
      uri: servers.id.apply(() => `neo4j://${this.address}`),
      user: userName,
      password: pulumi.secret(pulumi.all([password, servers.id]).apply(([drawn]) => drawn)),
      database,
      caCertificate: certificates.authority,
    };
    this.backup = backupSource(args, hosts, claimNames);
    this.registerOutputs({ uri: this.connection.uri, backup: this.backup });
  }

  #place(name: string, args: Neo4jArgs): Place {
    const { cloudName = name } = args;
    return {
      ...placeOf(cloudName, neo4jParty, args, this),
      volume: { spec: claimSpec(args), storeLabels: storeLabels(declaration) },
      membersService: `${cloudName}-members`,
    };
  }

  #drawPassword(name: string): pulumi.Output<string> {
    const drawn = new random.RandomPassword(
      `${name}-password`,
      { length: 32, special: false },
      { parent: this },
    );
    return drawn.result;
  }

  #createConfiguration(name: string, text: string, { metadata, options }: Place): pulumi.Resource {
    return new kubernetes.core.v1.ConfigMap(
      `${name}-configuration`,
      { metadata: { ...metadata, name: `${metadata.name}-configuration` }, data: { "neo4j.conf": text } },
      options,
    );
  }

  #createSecret(
    name: string,
    password: pulumi.Output<string>,
    { metadata, options }: Place,
  ): pulumi.Resource {
    return new kubernetes.core.v1.Secret(
      `${name}-secrets`,
      {
        metadata: { ...metadata, name: `${metadata.name}-secrets` },
        type: "Opaque",
        data: { [passwordKey]: base64(pulumi.interpolate`${userName}/${password}`) },
      },
      options,
    );
  }

  #createCertificatesSecret(
    name: string,
    certificates: Certificates,
    { metadata, options }: Place,
  ): pulumi.Resource {
    const files = Object.entries(certificateFiles) as [keyof Certificates, string][];
    return new kubernetes.core.v1.Secret(
      `${name}-certificates`,
      {
        metadata: { ...metadata, name: `${metadata.name}-certificates` },
        type: "Opaque",
        data: Object.fromEntries(files.map(([of, file]) => [file, base64(certificates[of])])),
      },
      options,
    );
  }

  /** One Service that clients call, and one by which each server has a name, whether or not it is ready. */
  #createServices(name: string, { metadata, podLabels, membersService, options }: Place): pulumi.Resource[] {
    const port = { name: "bolt", port: engine.boltPort, targetPort: engine.boltPort, protocol: "TCP" };
    const annotations = { "pulumi.com/skipAwait": "true" };
    return [
      new kubernetes.core.v1.Service(
        `${name}-service`,
        {
          metadata: { ...metadata, annotations },
          spec: { type: "ClusterIP", selector: podLabels, ports: [port] },
        },
        options,
      ),
      new kubernetes.core.v1.Service(
        `${name}-members`,
        {
          metadata: { ...metadata, name: membersService, annotations },
          spec: {
            type: "ClusterIP",
            clusterIP: "None",
            publishNotReadyAddresses: true,
            selector: podLabels,
            ports: [port],
          },
        },
        options,
      ),
    ];
  }
}
