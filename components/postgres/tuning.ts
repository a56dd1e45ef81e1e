/** The settings of a PostgreSQL that follow from the size of its node. */
import type * as digitalocean from "@pulumi/digitalocean";
import type { DatabaseSize } from "../../catalog/sizes.ts";
import type { ArgumentChecks } from "../errors.ts";

/** Settings that a size decides, each of which may be decided otherwise. */
export interface PostgresTuning {
  /**
   * Memory that the server keeps pages in. A change restarts the server.
   * @default 25: what PostgreSQL's documentation begins with (20.4, shared_buffers)
   */
  readonly sharedBuffersPercent: number;
  /**
   * Memory of one sort or hash before it goes to the disk; a statement may have several.
   * @default what is left beside the shared buffers, divided by all the connections of the size with three of them each:
   * 10 for most sizes, as DigitalOcean gives connections by memory
   */
  readonly workMemMib: number;
  /**
   * Processes that may help with one statement.
   * @default half of the CPUs, at most 4; so none where there is one CPU
   */
  readonly parallelWorkers: number;
  /**
   * Temporary files of one session; a statement that needs more fails, rather than fill the disk for all.
   * @default a tenth of the disk
   */
  readonly temporaryFilesGib: number;
  /**
   * Work that all autovacuum together may do before it rests.
   * @default 200, which is PostgreSQL's, for each CPU, up to 2000
   */
  readonly vacuumCostLimit: number;
}

/** What no size changes. */
export const settingsOfEverySize = {
  // A table's share of dead rows when it is vacuumed, and of changed ones when it is analysed: a queue's rows die quickly, and
  // PostgreSQL waits for 0.2 and 0.1. Both are powers of two, which the provider's 32 bits hold without a difference.
  autovacuumVacuumScaleFactor: 0.0625,
  autovacuumAnalyzeScaleFactor: 0.03125,
  logAutovacuumMinDuration: 10_000,
  // Short statements lose more by compiling than they gain (PostgreSQL's documentation, 30.2).
  jit: false,
  // What a slow statement waited for, at the price of reading a clock.
  trackIoTiming: "on",
} satisfies Partial<digitalocean.DatabasePostgresqlConfigArgs>;

/** What suits a size, with the disk that its nodes begin with. */
export function tuningOf(
  { vcpus, memoryMib, connections, diskGib: included }: DatabaseSize,
  diskGib: number = included,
): PostgresTuning {
  const sharedBuffersPercent = 25;
  const rest = memoryMib * (1 - sharedBuffersPercent / 100);
  return {
    sharedBuffersPercent,
    workMemMib: Math.max(1, Math.floor(rest / (connections * 3))),
    parallelWorkers: Math.min(4, Math.floor(vcpus / 2)),
    temporaryFilesGib: Math.max(1, Math.floor(diskGib / 10)),
    vacuumCostLimit: Math.min(2_000, 200 * vcpus),
  };
}

/** A tuning as the API's configuration. */
export function tunedSettings(tuning: PostgresTuning) {
  return {
    sharedBuffersPercentage: tuning.sharedBuffersPercent,
    workMem: tuning.workMemMib,
    maxParallelWorkersPerGather: tuning.parallelWorkers,
    tempFileLimit: tuning.temporaryFilesGib * 1024 * 1024,
    autovacuumVacuumCostLimit: tuning.vacuumCostLimit,
  } satisfies Partial<digitalocean.DatabasePostgresqlConfigArgs>;
}

/** Finds what is wrong with what is decided otherwise than the size does. */
export function checkTuning(checks: ArgumentChecks, tuning: Partial<PostgresTuning> | undefined): void {
  checks.range("tuning.sharedBuffersPercent", tuning?.sharedBuffersPercent, 20, 60);
  checks.range("tuning.workMemMib", tuning?.workMemMib, 1, 1_024);
  checks.range("tuning.parallelWorkers", tuning?.parallelWorkers, 0, 96);
  checks.range("tuning.temporaryFilesGib", tuning?.temporaryFilesGib, 1, 2_047);
  checks.range("tuning.vacuumCostLimit", tuning?.vacuumCostLimit, 1, 10_000);
}
