import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * The largest summed proportional set size (PSS), in MiB, of these processes and all their descendants while `work`
 * runs, read twice a second. PSS counts a page that several processes share once in all. Linux only.
 */
export async function peakMemoryMib(
  roots: () => readonly number[],
  work: () => Promise<unknown>,
): Promise<number> {
  let peak = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      peak = Math.max(peak, summedMib(roots()));
      await delay(500);
    }
  })();
  try {
    await work();
  } finally {
    over = true;
    await watching;
  }
  return peak;
}

function summedMib(roots: readonly number[]): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(field(`/proc/${name}/status`, "PPid"));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const wanted = [...roots];
  for (const pid of wanted) wanted.push(...(children.get(pid) ?? []));
  const kib = wanted.map((pid) => Number.parseInt(field(`/proc/${pid}/smaps_rollup`, "Pss") ?? "0", 10));
  return kib.reduce((sum, one) => sum + one, 0) / 1024;
}

/** A line `Name: value` of a file under /proc; undefined when the process is gone. */
function field(file: string, name: string): string | undefined {
  try {
    return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(readFileSync(file, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
