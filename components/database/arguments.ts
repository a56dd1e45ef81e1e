import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseEngine } from "../../catalog/engines.ts";
import { databaseSizes } from "../../catalog/sizes.ts";
import type { ArgumentChecks } from "../errors.ts";
import type { NetworkPlacement } from "../joints.ts";
import type { Ownership } from "../ownership.ts";
import { checkRegion } from "../region.ts";
import { checkLogSink, type LogSink, withSecrets } from "./log-sink.ts";
import type { TrustedSourcesArgs } from "./trusted-sources.ts";

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** When DigitalOcean may patch a cluster; a single node is away for some minutes then. */
export interface MaintenanceWindow {
  /** Day of the week on which it begins, by UTC. */
  readonly day: (typeof days)[number];
  /** Full hour at which it begins, UTC, 0 to 23. */
  readonly hourUtc: number;
}

/** Arguments that every managed database takes. */
export interface DatabaseArgs extends TrustedSourcesArgs {
  /** Whose it is. */
  readonly ownership: Ownership;

  /**
   * What the names in the cloud begin with. DigitalOcean renames no cluster: who gives the component another name keeps the
   * old one here, and as an alias.
   *
   * Caution: a change replaces the cluster and loses its data.
   * @default the component's name
   * @example new Postgres("whisper-staging-database", { cloudName: "whisper-staging-postgres", ... },
   *   { aliases: [{ name: "whisper-staging-postgres" }] })
   */
  readonly cloudName?: string;

  /**
   * Where it goes.
   *
   * Caution: a change of the VPC replaces the cluster and loses its data.
   */
  readonly placement: NetworkPlacement;

  /**
   * Size of each node; it can grow in place, and never shrink.
   * @example "db-s-2vcpu-4gb"
   */
  readonly size: pulumi.Input<string>;

  /**
   * Nodes that stand by and take over when the primary fails; each costs as much as the primary.
   * @default 0: a failure means minutes without the store
   */
  readonly standbyNodes?: number;

  /**
   * Major version.
   *
   * Caution: a rise upgrades the cluster in place, as soon as it is applied: its clients are cut off while that happens, for
   * minutes and longer with more data, and there is no way back but a new cluster from a backup from before. A fall is
   * refused. What to look at before: docs/postgres-upgrade.md.
   * @default the catalogue's
   * @example "18"
   */
  readonly version?: pulumi.Input<string>;

  /**
   * When DigitalOcean may patch it.
   * @default Sunday from 03:00 UTC
   * @example { day: "tuesday", hourUtc: 2 }
   */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * Where its log goes, besides the control panel.
   * @default nowhere
   * @example { server: "logs.internal.example.com" }
   * @example { endpoint: "https://search.example.com:9200", retentionDays: 14 }
   */
  readonly logSink?: LogSink;

  /**
   * Whether the engine refuses to delete or replace what holds data. Lift it in an `up` of its own before the
   * store is to go.
   * @default true
   */
  readonly protect?: boolean;
}

/** Arguments as they may be recorded in the state. */
export function recordable<Args extends DatabaseArgs>(args: Args): Args {
  return args.logSink === undefined ? args : { ...args, logSink: withSecrets(args.logSink) };
}

/** {@link DatabaseArgs.maintenanceWindow} when nothing is said. */
export const defaultMaintenanceWindow: MaintenanceWindow = { day: "sunday", hourUtc: 3 };

/** Of {@link DatabaseArgs}, what is decided by size and care, and where it goes. */
export interface DatabaseSizing
  extends Pick<DatabaseArgs, "size" | "standbyNodes" | "version" | "maintenanceWindow" | "logSink"> {
  readonly region: pulumi.Input<string>;
}

/** Checks what {@link DatabaseSizing} holds against the catalogue's engine, sizes and regions. */
export function checkDatabase(checks: ArgumentChecks, engine: DatabaseEngine, args: DatabaseSizing): void {
  checkRegion(checks, args.region, "databases");
  checks.oneOf("version", args.version, engine.versions);
  checks.range("standbyNodes", args.standbyNodes, 0, engine.maximumNodes - 1);
  checks.range("maintenanceWindow.hourUtc", args.maintenanceWindow?.hourUtc, 0, 23);
  checks.oneOf("maintenanceWindow.day", args.maintenanceWindow?.day, days);
  checkLogSink(checks, args.logSink);
  checkSize(checks, engine, args);
}

function checkSize(
  checks: ArgumentChecks,
  engine: DatabaseEngine,
  { size, standbyNodes = 0 }: DatabaseSizing,
): void {
  const offered = databaseSizes.filter(({ engines }) => engines.includes(engine.slug));
  checks.oneOf(
    "size",
    size,
    offered.map(({ slug }) => slug),
  );
  const chosen = offered.find(({ slug }) => slug === size);
  checks.check(
    "standbyNodes",
    standbyNodes,
    (standby) => chosen === undefined || chosen.nodeCounts.includes(standby + 1),
    (standby) => `is ${standby}, which the size ${chosen?.slug} does not offer`,
    `Choose a larger size, or one of ${chosen?.nodeCounts.map((nodes) => nodes - 1).join(", ")} standby nodes.`,
  );
}
