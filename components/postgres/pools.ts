/** The pools that keep connections to a PostgreSQL open, for many clients to share. */
import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { databaseSizes } from "../../catalog/sizes.ts";
import type { ArgumentChecks } from "../errors.ts";
import type { PostgresArgs, PostgresSizing } from "./arguments.ts";
import type { DatabaseRoles } from "./privileges.ts";

/** {@link PostgresArgs.databaseName}, or its default. */
export const databaseNameOf = ({ databaseName = "whisper" }: Pick<PostgresArgs, "databaseName">): string =>
  databaseName;

const modes = ["transaction", "session", "statement"] as const;

/** When a client gives its connection back: after each transaction, each statement, or when it leaves. */
export type PoolMode = (typeof modes)[number];

const users = ["application", "owner", "reader"] as const satisfies readonly (keyof DatabaseRoles)[];

/** A pool besides the application's. A change makes a second one, moves the clients over and then removes the first. */
export interface ConnectionPool {
  /** Connections it keeps to the server, shared by all its clients. */
  readonly size: number;

  /**
   * When a client gives its connection back.
   * @default "transaction"
   */
  readonly mode?: PoolMode;

  /**
   * As whom its clients come: the application, the tables' owner, or who only reads.
   * @default "application"
   */
  readonly user?: (typeof users)[number];

  /**
   * Database it leads to. Another than the component's has to be there already, and its users have no rights in it but those
   * that somebody gives them.
   * @default the component's
   * @example "defaultdb"
   */
  readonly databaseName?: string;
}

/** {@link PostgresArgs.poolSize} when nothing is said. */
export const defaultPoolSize = 20;

/** What migrations and reports need past the pools. */
const connectionsBesidePools = 2;

const poolKey = /^[a-z][a-z0-9-]*$/;

/** What the service takes as a pool's name. */
const longestPoolName = 63;

/** Finds what is wrong with the pools of a cluster. */
export function checkPools(checks: ArgumentChecks, args: PostgresSizing): void {
  const pools = Object.entries(args.pools ?? {});
  checks.oneOf("poolMode", args.poolMode, modes);
  checks.range("poolSize", args.poolSize, 1, 1_000);
  for (const [key, pool] of pools) {
    const path = `pools.${key}`;
    checks.check(
      path,
      key,
      (text) => poolKey.test(text),
      () => "is no name of a pool",
      "Use lower-case letters, digits and hyphens, a letter first.",
    );
    checks.check(
      path,
      pooledName(args, key, pool),
      (name) => name.length <= longestPoolName,
      (name) => `is too long: ${name}, its name in the cloud, has more than ${longestPoolName} characters`,
      "Give it or its database a shorter name.",
    );
    checks.range(`${path}.size`, pool.size, 1, 1_000);
    checks.oneOf(`${path}.mode`, pool.mode, modes);
    checks.check(
      `${path}.databaseName`,
      pool.databaseName,
      (text) => /^[A-Za-z0-9_-]+$/.test(text),
      (text) => `is "${text}", which a pool's name cannot begin with`,
      "Name a database of letters, digits, hyphens and underscores.",
    );
    checks.oneOf(`${path}.user`, pool.user, users);
  }
  checkSum(checks, args, pools);
}

function checkSum(
  checks: ArgumentChecks,
  args: PostgresSizing,
  pools: readonly (readonly [string, ConnectionPool])[],
): void {
  const size = databaseSizes.find(({ slug }) => slug === args.size);
  if (size === undefined) return;
  const most = size.connections - connectionsBesidePools;
  const further = pools.reduce((sum, [, pool]) => sum + pool.size, 0);
  const kept = `of the ${size.connections} connections of the size ${size.slug}, ${connectionsBesidePools} are for migrations and reports`;
  checks.check(
    pools.length === 0 ? "poolSize" : "pools",
    (args.poolSize ?? defaultPoolSize) + further,
    (sum) => sum <= most,
    (sum) =>
      pools.length === 0 ? `is ${sum}: ${kept}` : `is ${sum} connections with those of poolSize: ${kept}`,
    pools.length === 0
      ? `Choose a larger size, or a pool of at most ${most}.`
      : `Choose a larger size, or pools of at most ${most} together.`,
  );
}

/** What a pool is called in the cloud, and clients call the database behind it. */
function pooledName(
  args: Pick<PostgresArgs, "databaseName">,
  key: string | undefined,
  pool: ConnectionPool,
): string {
  return [pool.databaseName ?? databaseNameOf(args), ...suffix(key, pool)].join("-");
}

/** Size and mode cannot change in place. As they are in the name, the new pool is there before the old goes. */
const suffix = (
  key: string | undefined,
  { mode = "transaction", size }: ConnectionPool,
): (string | number)[] => [...(key === undefined ? [] : [key]), mode, size];

/** What a pool stands before. */
interface PoolMembers {
  readonly cluster: digitalocean.DatabaseCluster;
  readonly database: digitalocean.DatabaseDb;
  readonly user: digitalocean.DatabaseUser;
}

/** Makes a pool; without a key, the application's. */
export function createPool(
  component: string,
  key: string | undefined,
  pool: ConnectionPool,
  {
    args,
    members,
    parent,
  }: { args: Pick<PostgresArgs, "databaseName">; members: PoolMembers; parent: pulumi.Resource },
): digitalocean.DatabaseConnectionPool {
  const { cluster, database, user } = members;
  const { databaseName: other = databaseNameOf(args) } = pool;
  return new digitalocean.DatabaseConnectionPool(
    [component, "pool", ...suffix(key, pool)].join("-"),
    {
      clusterId: cluster.id,
      name: pooledName(args, key, pool),
      mode: pool.mode ?? "transaction",
      size: pool.size,
      dbName: other === databaseNameOf(args) ? database.name : other,
      user: user.name,
    },
    { parent },
  );
}
