/** What the managed service measures of a node: processors, memory and disk, of which a server here has a share of this machine's. */
import type { Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { StoreSpec } from "../runtime.ts";
import type { Figure } from "./exposition.ts";

/** Of one process: its own, as /proc tells. */
interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
}

/** Processor time at a moment. */
interface Taken {
  readonly atMs: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
}

const ticksPerSecond = 100;
const blockBytes = 512;
const mib = 1024 ** 2;

/** See the file's comment. Remembers what was taken when it was last asked: shares of a processor are those of the time since. */
export class Machine {
  private before: Taken | undefined;

  /**
   * @param directory The store's own folder, with all that is on its disk.
   * @param pids Of its processes, whose children are its own too.
   */
  async figures(spec: StoreSpec, directory: string, pids: readonly number[]): Promise<Figure[]> {
    const own = descendants(await listUse(), pids);
    const [usedDiskBytes, usedMemoryBytes] = await Promise.all([bytesIn(directory), memoryOf(own)]);
    return [
      ...this.processors(spec, own),
      ...shares("mem", spec.memoryMib * mib, usedMemoryBytes),
      { name: "mem_available_percent", value: 100 - percent(usedMemoryBytes, spec.memoryMib * mib) },
      ...shares("disk", spec.diskMib * mib, usedDiskBytes, { path: "/", fstype: "ext4", mode: "rw" }),
    ];
  }

  private processors({ vcpus }: StoreSpec, own: readonly ProcessUse[]): Figure[] {
    const sum = (what: "userSeconds" | "systemSeconds") =>
      own.reduce((total, process) => total + process[what], 0);
    const now: Taken = {
      atMs: Date.now(),
      userSeconds: sum("userSeconds"),
      systemSeconds: sum("systemSeconds"),
    };
    const before = this.before ?? { ...now, atMs: now.atMs - 1 };
    this.before = now;
    const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1000) * vcpus;
    // Of processes that have ended nothing is known any more.
    const share = (what: "userSeconds" | "systemSeconds") =>
      Math.min(100, Math.max(0, percent(now[what] - before[what], seconds)));
    const [user, system] = [share("userSeconds"), share("systemSeconds")];
    const all = { cpu: "cpu-total" };
    const [load1 = 0, load5 = 0, load15 = 0] = os.loadavg();
    return [
      { name: "cpu_usage_user", labels: all, value: user },
      { name: "cpu_usage_system", labels: all, value: system },
      { name: "cpu_usage_idle", labels: all, value: Math.max(0, 100 - user - system) },
      { name: "system_n_cpus", value: vcpus },
      { name: "system_load1", value: load1 },
      { name: "system_load5", value: load5 },
      { name: "system_load15", value: load15 },
    ];
  }
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

function shares(what: string, total: number, used: number, labels: Figure["labels"] = {}): Figure[] {
  const taken = Math.min(total, used);
  return [
    { name: `${what}_total`, labels, value: total },
    { name: `${what}_used`, labels, value: taken },
    { name: `${what}_free`, labels, value: total - taken },
    { name: `${what}_used_percent`, labels, value: percent(taken, total) },
  ];
}

/** What files take on the disk. What goes meanwhile counts as nothing. */
async function bytesIn(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((): Dirent[] => []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const whole = path.join(directory, entry.name);
      if (entry.isDirectory()) return bytesIn(whole);
      return lstat(whole).then(
        ({ blocks }) => blocks * blockBytes,
        () => 0,
      );
    }),
  );
  return sizes.reduce((total, size) => total + size, 0);
}

/** Every process that can be seen. */
async function listUse(): Promise<ProcessUse[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map((pid) =>
      readFile(`/proc/${pid}/stat`, "utf8").then(
        (text) => useOf(Number(pid), text),
        () => [],
      ),
    ),
  );
  return found.flat();
}

/** Of `pid (name) state parent ...`; a name may hold anything, brackets too. */
function useOf(pid: number, text: string): ProcessUse[] {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (parent === undefined || user === undefined || system === undefined) return [];
  return [{ pid, parent, userSeconds: user / ticksPerSecond, systemSeconds: system / ticksPerSecond }];
}

function descendants(all: readonly ProcessUse[], roots: readonly number[]): ProcessUse[] {
  const own = all.filter(({ pid }) => roots.includes(pid));
  const children = all.filter(({ parent }) => roots.includes(parent)).map(({ pid }) => pid);
  return children.length === 0 ? own : [...own, ...descendants(all, children)];
}

/** Memory of processes; what they share counts once. */
async function memoryOf(processes: readonly ProcessUse[]): Promise<number> {
  const sizes = await Promise.all(
    processes.map(({ pid }) => readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "")),
  );
  return sizes.reduce((total, text) => total + 1024 * Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0), 0);
}
