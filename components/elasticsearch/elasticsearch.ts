import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { judgeTogether } from "../errors.ts";
import type { BucketGrant, ElasticsearchConnection, LogStore } from "../joints.ts";
import { base64, fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import { storeLabels } from "../store.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { type Certificates, createCertificates } from "../workload/certificates.ts";
import { createClaims } from "../workload/claims.ts";
import { createAccount, createDisruptionBudget, createTrafficPolicy } from "../workload/companions.ts";
import { type Place, placeOf } from "../workload/place.ts";
import { checkElasticsearch, type ElasticsearchSizing, heapMibOf } from "./arguments.ts";
import {
  bucketVariables,
  heapOptions,
  nodeConfiguration,
  roles,
  rolesOfUsers,
  type User,
  userRoles,
} from "./configuration.ts";
import { createSetUp } from "./set-up.ts";
import { dataStreamOf, setUpRequests, streamPattern } from "./set-up-requests.ts";
import { certificateEntries, createStatefulSet, keyVariables } from "./stateful-set.ts";
import { elasticsearchPorts } from "./traffic.ts";

/** Arguments of an {@link Elasticsearch}. */
export interface ElasticsearchArgs extends ElasticsearchSizing {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change makes a new, empty one.
   */
  readonly namespace: NamespacePlacement;
  /**
   * Pool whose nodes it runs on.
   * @default any that is not dedicated
   */
  readonly pool?: string;
  /** Where its snapshots go. */
  readonly bucket: BucketGrant;
  /** What Kibana is given when all is set up, and where it answers. @example { url: kibana.url, views: savedViews(pattern) } */
  readonly kibana: {
    /** Address within the cluster, its path included. */
    readonly url: string;
    /** Lines of JSON, as Kibana writes its own views. */
    readonly views: string;
  };
  /** What its nodes may connect to, and what to them: the traffic plan's for `elasticsearch`. */
  readonly traffic: PodTraffic;
  /** What sets it up may connect to: the traffic plan's for `log-set-up`. */
  readonly setUpTraffic: PodTraffic;
  /**
   * Whether the engine refuses to delete its volumes.
   * @default true
   */
  readonly protect?: boolean;
}

/** Snapshots are in a bucket, made each night by itself; nobody has restored one yet. */
const declaration: StoreDeclaration = {
  store: "volume",
  backup: "none",
  recovery: { point: "everything", time: "1d" },
};

/**
 * Elasticsearch: logs, each word of them indexed. Nodes speak to each other and to clients with TLS, by an authority of their
 * own; who there is stands in files that the stack makes, with passwords drawn at random. A line goes after the days that it is
 * kept; each night's snapshot in the bucket goes a week later.
 *
 * A change of its settings restarts the nodes one by one, each once the last has found the others.
 *
 * ### Cost
 * 0.10 $ a GiB and month for each node's volume; the machines are the cluster's. Production: 3 x 60 x 0.10 = 18 $ a month.
 * Staging has none.
 *
 * @example
 * ```ts
 * new Elasticsearch("whisper-production-elasticsearch", {
 *   ownership, namespace: logs.placement, bucket: buckets.logs.grants.store,
 *   members: 3, retentionDays: 30, gibPerDay: 3, diskGib: 60, resources: { cpu: "500m", cpuLimit: "2", memory: "4Gi" },
 *   kibana: { url: "http://kibana:5601/kibana", views }, traffic: podTraffic(plan, elasticsearch), setUpTraffic,
 * }, { provider: cluster.provider });
 * ```
 */
export class Elasticsearch extends Component {
  /** For whoever ships logs. */
  readonly store: LogStore;
  /** For whoever tells of how it is. */
  readonly monitoring: ElasticsearchConnection;
  /** For Kibana. Secret. */
  readonly kibanaPassword: pulumi.Output<string>;
  /** Whom all servers believe, in PEM. */
  readonly authority: pulumi.Output<string>;
  /** Addresses of the nodes within the cluster. */
  readonly addresses: readonly string[];

  constructor(name: string, args: ElasticsearchArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkElasticsearch(checks, args) });
    super("whisper:elasticsearch:Elasticsearch", name, { ...args, namespace: args.namespace.name }, options);
    const { namespace, bucket, ownership } = args;
    const place = placeOf(name, "elasticsearch", args, this);
    const volume = { spec: claimSpec(args), storeLabels: storeLabels(declaration) };
    const members = Array.from({ length: args.members }, (_, ordinal) => `${name}-${ordinal}`);
    const host = `${name}.${namespace.name}.svc.cluster.local`;
    const hosts = members.map((member) => `${member}.${host}`);

    const passwords = this.#drawPasswords(name);
    const certificates = createCertificates(name, { cloudName: name, hosts: [host, ...hosts] }, this);
    const configuration = {
      "elasticsearch.yml": nodeConfiguration({ clusterName: name, members, hosts }),
      "heap.options": heapOptions(heapMibOf(args)),
      "roles.yml": roles(streamPattern),
      users_roles: rolesOfUsers(),
    };
    const key = bucketEnvironment(bucket);
    const users = filesOf(passwords, host);
    const objects = {
      configurationMap: `${name}-configuration`,
      users: `${name}-users`,
      bucket: `${name}-bucket`,
      certificates: `${name}-certificates`,
    };
    createStatefulSet(
      name,
      args,
      // A renewed certificate they take up by themselves.
      { ...objects, volume, fingerprint: fingerprint(configuration, key, { users: users.users }) },
      place,
      [
        ...namespace.guards,
        createAccount(name, place),
        this.#createConfiguration(name, configuration, place),
        this.#createSecret(name, "users", users, place),
        this.#createSecret(name, "bucket", key, place),
        this.#createSecret(name, "certificates", certificateFilesOf(certificates), place),
        createTrafficPolicy(name, args.traffic, place),
        ...createClaims(name, { ...volume, count: args.members, protect: args.protect ?? true }, place),
        this.#createService(name, place),
      ],
    );
    if (args.members > 1) createDisruptionBudget(name, place);
    const url = `https://${host}:${elasticsearchPorts.http}`;
    createSetUp(
      `${name}-set-up`,
      {
        ownership,
        namespace,
        elasticsearch: url,
        kibana: args.kibana,
        requests: bucket.bucket.apply((bucketName) => setUpRequests(args, bucketName)),
        ...objects,
        traffic: args.setUpTraffic,
      },
      this,
    );

    const as = (user: User) => ({
      host,
      port: elasticsearchPorts.http,
      user,
      password: passwords[user].result,
      caCertificate: certificates.authority,
    });
    this.store = {
      kind: "elasticsearch",
      dataStream: dataStreamOf(ownership.environment),
      ...as("shipping"),
    };
    this.monitoring = as("metrics");
    this.kibanaPassword = passwords.kibana.result;
    this.authority = certificates.authority;
    this.addresses = hosts.map((each) => `https://${each}:${elasticsearchPorts.http}`);
    this.registerOutputs({ url });
  }

  #drawPasswords(name: string): Record<User, random.RandomPassword> {
    const draw = (user: User) =>
      new random.RandomPassword(`${name}-password-${user}`, { length: 32, special: false }, { parent: this });
    return {
      setup: draw("setup"),
      shipping: draw("shipping"),
      kibana: draw("kibana"),
      operator: draw("operator"),
      metrics: draw("metrics"),
    };
  }

  #createConfiguration(name: string, data: Record<string, string>, { metadata, options }: Place) {
    return new kubernetes.core.v1.ConfigMap(
      `${name}-configuration`,
      { metadata: { ...metadata, name: `${name}-configuration` }, data },
      options,
    );
  }

  #createSecret(
    name: string,
    what: "users" | "bucket" | "certificates",
    files: Record<string, pulumi.Output<string>>,
    { metadata, options }: Place,
  ) {
    const data = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, base64(text)]));
    return new kubernetes.core.v1.Secret(
      `${name}-${what}`,
      { metadata: { ...metadata, name: `${name}-${what}` }, type: "Opaque", data },
      options,
    );
  }

  /** Gives each node a name, whether or not it is ready, and all of them one: clients try another where one does not answer. */
  #createService(name: string, { metadata, podLabels, options }: Place) {
    const { http } = elasticsearchPorts;
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

/** Which bucket's region, and by which key; the keystore takes the key when a node starts. */
const bucketEnvironment = ({ endpoint, region, accessKeyId, secretAccessKey }: BucketGrant) => ({
  [bucketVariables.endpoint]: endpoint,
  [bucketVariables.region]: region,
  [keyVariables.accessKeyId]: accessKeyId,
  [keyVariables.secretAccessKey]: secretAccessKey,
});

/** Everybody with the hash of his password, for the nodes; and in clear what the set-up and operators sign in with. */
function filesOf(passwords: Record<User, random.RandomPassword>, host: string) {
  const names = Object.keys(userRoles) as User[];
  const lines = names.map((user) => pulumi.interpolate`${user}:${passwords[user].bcryptHash}\n`);
  return {
    users: pulumi.all(lines).apply((all) => all.join("")),
    // For Kibana too, whose host is another.
    netrc: pulumi.interpolate`machine ${host} login setup password ${passwords.setup.result}\ndefault login setup password ${passwords.setup.result}\n`,
    "operator-password": passwords.operator.result,
  };
}

const certificateFilesOf = (certificates: Certificates): Record<string, pulumi.Output<string>> =>
  Object.fromEntries(certificateEntries.map(([of, file]) => [file, certificates[of]]));

const claimSpec = ({ diskGib }: ElasticsearchSizing) => ({
  accessModes: ["ReadWriteOnce"],
  storageClassName: "do-block-storage-retain",
  resources: { requests: { storage: `${diskGib}Gi` } },
});
