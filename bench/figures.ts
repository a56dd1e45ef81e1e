import Table from "cli-table3";

/** One figure: what was measured, in which unit, all its samples, and what it is held against. */
export interface Figure {
  readonly name: string;
  readonly unit: "s" | "MiB" | "1/s" | "%";
  readonly samples: readonly number[];
  /** What the figure should reach, or what a user would have otherwise. */
  readonly beside: string;
}

/** Runs something `runs` times and returns how long each took, in seconds. */
export async function seconds(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    await work();
    samples.push((performance.now() - begun) / 1000);
  }
  return samples;
}

/** The figures as a table for people: minimum, median and maximum, because one number hides the spread. */
export function figureTable(figures: readonly Figure[]): string {
  const table = new Table({ head: ["figure", "runs", "min", "median", "max", "unit", "beside"] });
  for (const { name, samples, unit, beside } of figures) {
    const sorted = samples.toSorted((one, other) => one - other);
    const at = (share: number) => rounded(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
    table.push([name, samples.length, at(0), at(0.5), at(1), unit, beside]);
  }
  return table.toString();
}

const rounded = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
