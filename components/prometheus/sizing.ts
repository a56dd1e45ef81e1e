import type { ArgumentChecks } from "../errors.ts";
import type { Resources } from "../workload/pod.ts";

/** What a Prometheus holds. */
export interface Holding {
  /** Series that it is told at any time. */
  readonly series: number;
  /** How long every sample is kept. */
  readonly retentionDays: number;
  /** How often it asks. */
  readonly scrapeIntervalSeconds: number;
}

/** Memory without a series, with queries of dashboards in it. */
const baseMib = 256;

/**
 * Memory of a series: 4 KiB were measured at 100,000 and at 200,000 (`npm run bench`); and twice that, since pods that come
 * and go leave series behind for two hours, and compaction and a start that reads its log again take as much for a while.
 */
const kibPerSeries = 8;

/** On disk, index included: Prometheus' own documentation says one to two bytes. */
const bytesPerSample = 2;

/** The share of the volume that is used: at that the oldest samples go, and the rest is for what is being written. */
export const usedShare = 0.9;

/**
 * What it is promised and allowed: 256 MiB and 8 KiB a series, in steps of 128 MiB; a tenth of a processor and as much
 * again for each 50,000 series, and a whole one more to answer questions.
 *
 * 20,000 series: 256 + 156 = 412 MiB, so 512 MiB. 200,000: 256 + 1,563 = 1,819 MiB, so 1,920 MiB.
 */
export function resourcesFor(series: number): Resources {
  const mib = baseMib + (series * kibPerSeries) / 1024;
  const cpu = 100 + Math.ceil(series / 50_000) * 100;
  return { cpu: `${cpu}m`, cpuLimit: `${1000 + cpu}m`, memory: `${Math.ceil(mib / 128) * 128}Mi` };
}

/**
 * GiB that the volume needs at the least: two bytes a sample, and a tenth of the volume left free.
 *
 * 200,000 series each 30 s for 15 days: 200,000 x 43,200 x 2 bytes = 16.1 GiB, so 18.
 */
export function diskGibFor({ series, retentionDays, scrapeIntervalSeconds }: Holding): number {
  const samples = series * ((retentionDays * 86_400) / scrapeIntervalSeconds);
  return Math.ceil((samples * bytesPerSample) / usedShare / 1024 ** 3);
}

/** Finds what a volume cannot hold: the oldest samples would go before their time, without a word. */
export function checkHolds(checks: ArgumentChecks, path: string, diskGib: number, holding: Holding): void {
  const needed = diskGibFor(holding);
  const { series, retentionDays, scrapeIntervalSeconds } = holding;
  checks.check(
    path,
    diskGib,
    // Of none it is said already that there has to be one.
    (given) => given < 1 || given >= needed,
    (given) =>
      `is ${given}, and ${retentionDays} days of ${series} series, each asked for every ${scrapeIntervalSeconds} s, take ${needed} GiB`,
    `Give it ${needed} GiB, keep samples for fewer days, or fewer of them.`,
  );
}
