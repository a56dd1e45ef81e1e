import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { valkey as engine } from "../../catalog/engines.ts";
import type { RecoveryNeed, StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { checkDatabase, type DatabaseArgs, type DatabaseSizing, recordable } from "../database/arguments.ts";
import { createCluster, createFirewall, sizeOf } from "../database/cluster.ts";
import { metricsOf, readAuthority } from "../database/metrics.ts";
import { checkTrustedSources } from "../database/trusted-sources.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { DatabaseMetrics, ValkeyConnection, WatchedDatabase } from "../joints.ts";
import { valkeyAlerts } from "./alerts.ts";

/**
 * What a Valkey is for decides what it does when its memory is full and when its node restarts, and how much of it may be lost:
 * jobs that were taken in have to be done; who loses a session signs in again.
 */
const roles = {
  queue: { evictionPolicy: "noeviction", persistence: "rdb", recoveryPoint: "1h" },
  sessions: { evictionPolicy: "volatile_ttl", persistence: "rdb", recoveryPoint: "everything" },
  cache: { evictionPolicy: "allkeys_lru", persistence: "off", recoveryPoint: "everything" },
} as const;

/** A cluster has sixteen numbered databases unless its configuration says otherwise. */
const lastDatabase = 15;

/** Arguments of a {@link Valkey}. */
export interface ValkeyArgs extends DatabaseArgs {
  /**
   * What it is for. A full `queue` refuses writes and loses nothing; full `sessions` let go those that would end
   * soonest, and nothing that has no end; a full `cache` forgets what was used least. Queue and sessions are written to
   * disk and survive a restart, a cache starts empty.
   *
   * A cluster has one such policy. What shares it, in databases of its own (see {@link Valkey.connectionTo}), shares that
   * and the memory: a cache beside a queue makes the queue refuse jobs once it has filled the memory, so give it ends
   * (TTL), and a cluster with the role `cache` when it outgrows half of the size. Queue and sessions never share a
   * cluster with the role `cache`, which would forget them.
   * @default "queue"
   */
  readonly role?: keyof typeof roles;

  /**
   * Whether its memory is written to disk from time to time (`rdb`), or a restart loses it (`off`).
   * @default as its role needs
   */
  readonly persistence?: "rdb" | "off";

  /**
   * A client that says nothing for longer is hung up on; 0 never.
   * @default 300
   */
  readonly idleTimeoutSeconds?: number;
}

/** DigitalOcean takes no backups of Valkey: what is needed of a lost cluster takes one of our own. */
const declarationOf = (recoveryPoint: RecoveryNeed["point"]): StoreDeclaration => ({
  store: "valkey",
  backup: "none",
  recovery: { point: recoveryPoint, time: "30m" },
});

/**
 * The platform's Valkey: queue, sessions and cache, in a managed cluster that lets in nobody but the trusted
 * sources. It has no backups (DigitalOcean has none for it): a node's restart is survived, the loss of the
 * cluster is not, so a job is also a row in PostgreSQL from which it can be queued again.
 *
 * ### Cost
 * Per month: (1 + standby nodes) x the size's price. Staging: 1 x 15.15 = 15.15 $ a month.
 * Production: 2 x 60.90 = 121.80 $ a month.
 *
 * @example
 * ```ts
 * const valkey = new Valkey("whisper-staging-valkey", {
 *   ownership, placement: network.placement, size: "db-s-1vcpu-2gb", trustedClusterIds: [cluster.id],
 * });
 * valkey.connection; // of the queue
 * valkey.connectionTo(1); // of what is beside it
 * ```
 */
export class Valkey extends Component {
  readonly #name: string;
  readonly connection: ValkeyConnection;
  readonly clusterId: pulumi.Output<string>;
  /** For alerts. */
  readonly watched: WatchedDatabase;
  /** For Prometheus: what DigitalOcean measures of the primary's node. */
  readonly metrics: DatabaseMetrics;
  /** The cluster's URN in DigitalOcean's sense. */
  readonly clusterUrn: pulumi.Output<string>;

  constructor(name: string, args: ValkeyArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({
      [name]: (checks) => {
        checkValkey(checks, { ...args, region: args.placement.region });
        checkTrustedSources(checks, args);
      },
    });
    super("whisper:valkey:Valkey", name, recordable(args), options);
    this.#name = name;
    const { evictionPolicy, persistence, recoveryPoint } = roles[args.role ?? "queue"];
    const declaration = declarationOf(recoveryPoint);
    const writing = args.persistence ?? persistence;

    const cluster = createCluster(name, args, { engine, declaration, settings: { evictionPolicy } }, this);
    const firewall = createFirewall(`${name}-firewall`, cluster.id, args, this);
    this.#createConfig(name, args, cluster, writing);

    this.connection = connectionOf(cluster, firewall);
    this.clusterId = cluster.id;
    this.watched = {
      clusterId: cluster.id,
      rules: valkeyAlerts(sizeOf(args), evictionPolicy === "allkeys_lru"),
    };
    this.metrics = metricsOf(
      { engine, cluster, firewall, caCertificate: readAuthority(cluster, this) },
      this,
    );
    this.clusterUrn = cluster.clusterUrn;
    this.registerOutputs({ clusterId: this.clusterId, host: this.connection.host });
  }

  /**
   * A way in to one of the cluster's numbered databases; {@link connection} is that to number 0. Keys of one are not seen
   * from another, and that is all: memory, eviction and credentials are the cluster's.
   *
   * @param database 0 to 15.
   */
  connectionTo(database: number): ValkeyConnection {
    judgeTogether({
      [`${this.#name}.connectionTo`]: (checks) => checks.range("database", database, 0, lastDatabase),
    });
    return { ...this.connection, uri: pulumi.interpolate`${this.connection.uri}/${database}` };
  }

  #createConfig(
    name: string,
    args: ValkeyArgs,
    cluster: digitalocean.DatabaseCluster,
    persistence: string,
  ): void {
    new digitalocean.DatabaseValkeyConfig(
      `${name}-config`,
      // What happens when memory is full is a property of the cluster; said twice, the two would fight.
      { clusterId: cluster.id, persistence, ssl: true, timeout: args.idleTimeoutSeconds ?? 300 },
      { parent: this },
    );
  }
}

function connectionOf(
  cluster: digitalocean.DatabaseCluster,
  firewall: digitalocean.DatabaseFirewall,
): ValkeyConnection {
  return {
    // Whoever takes the address thereby waits until it is let in.
    host: pulumi.all([cluster.privateHost, firewall.urn]).apply(([host]) => host),
    port: cluster.port,
    user: cluster.user,
    password: pulumi.secret(cluster.password),
    uri: pulumi.secret(pulumi.all([cluster.privateUri, firewall.urn]).apply(([uri]) => uri)),
  };
}

/** Of a {@link Valkey}'s arguments, what is decided by size and care, and where it goes. */
export type ValkeySizing = DatabaseSizing & Omit<ValkeyArgs, keyof DatabaseArgs>;

/** Finds what is wrong with a {@link Valkey}'s arguments, but for whom it trusts. */
export function checkValkey(checks: ArgumentChecks, args: ValkeySizing): void {
  checkDatabase(checks, engine, args);
  checks.oneOf("role", args.role, Object.keys(roles));
  checks.oneOf("persistence", args.persistence, ["rdb", "off"]);
  checks.range("idleTimeoutSeconds", args.idleTimeoutSeconds, 0, 31_536_000);
}
