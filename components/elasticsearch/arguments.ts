import type { ArgumentChecks } from "../errors.ts";
import { gib } from "../kubernetes-quantities.ts";
import type { Resources } from "../workload/pod.ts";
import { checkResources } from "../workload/sizing.ts";

/** Of an Elasticsearch's arguments, what is decided by size and care. */
export interface ElasticsearchSizing {
  /**
   * Nodes of the cluster: 1, which keeps each line once, or from 3 on, which keep it twice and survive the loss of one.
   */
  readonly members: number;
  /** How long lines are kept. */
  readonly retentionDays: number;
  /** What is written in a day, of all components together: the disks must hold {@link retentionDays} of it. */
  readonly gibPerDay: number;
  /** Volume of each node; it can grow in place, and never shrink. */
  readonly diskGib: number;
  /** What each node is promised and allowed. */
  readonly resources: Resources;
  /**
   * Java's heap, in MiB: at most half of the memory, since the rest keeps files of the index in memory.
   * @default half of the memory, 31 GiB at most
   */
  readonly heapMib?: number;
}

/** Beyond this, Java's pointers take twice the room. */
const largestHeapMib = 31 * 1024;

/** What a gibibyte of lines takes on the disk, once compressed and indexed: our assumption, which nobody has measured here. */
const indexedShare = 0.6;

/** Beyond this share of a disk a node is given nothing more. */
export const watermarks = { low: 80, high: 85, flood: 92 } as const;

const memoryMibOf = ({ resources }: Pick<ElasticsearchSizing, "resources">): number =>
  Math.floor(gib(resources.memory) * 1024);

/** Java's heap of each node, in MiB. */
export function heapMibOf(args: Pick<ElasticsearchSizing, "resources" | "heapMib">): number {
  return args.heapMib ?? Math.min(Math.floor(memoryMibOf(args) / 2), largestHeapMib);
}

/** How often each line is kept beside the first: once, where there is another node for it. */
export const replicasOf = ({ members }: Pick<ElasticsearchSizing, "members">): number =>
  members > 1 ? 1 : 0;

/** Finds what is wrong with the size of an Elasticsearch. */
export function checkElasticsearch(checks: ArgumentChecks, args: ElasticsearchSizing): void {
  checks.range("retentionDays", args.retentionDays, 1, 365);
  checks.range("diskGib", args.diskGib, 10, 16_384);
  checkResources(checks, "resources", args.resources);
  checks.check(
    "members",
    args.members,
    (count) => Number.isInteger(count) && (count === 1 || (count >= 3 && count <= 9)),
    (count) =>
      `is ${count}${count === 2 ? ", and of two nodes neither goes on when the other is lost: a majority of two is two" : ", which is no cluster that could agree"}`,
    "Choose 1, or 3 to 9.",
  );
  checks.check(
    "gibPerDay",
    args.gibPerDay,
    (amount) => amount > 0,
    (amount) => `is ${amount}, and somebody writes something`,
    "Give what is written in a day, in GiB.",
  );
  checkMemory(checks, args);
  checkDisks(checks, args);
}

function checkMemory(checks: ArgumentChecks, args: ElasticsearchSizing): void {
  const memoryMib = memoryMibOf(args);
  checks.check(
    "resources.memory",
    args.resources.memory,
    () => !(memoryMib < 2048),
    (memory) => `is ${memory}, less than Elasticsearch needs to take what many nodes send`,
    "Give at least 2Gi.",
  );
  checks.check(
    "heapMib",
    args.heapMib,
    (heap) => heap >= 512 && heap <= Math.min(memoryMib / 2, largestHeapMib),
    (heap) =>
      `is ${heap}, and must lie between 512 and ${Math.min(Math.floor(memoryMib / 2), largestHeapMib)}: half of ${args.resources.memory}, or 31 GiB`,
    "Leave it out, or give the node more memory.",
  );
}

/** The disks hold what is kept, each line as often as it is, and one more day, below the mark at which nothing more is taken. */
function checkDisks(checks: ArgumentChecks, args: ElasticsearchSizing): void {
  const { members, retentionDays, gibPerDay, diskGib } = args;
  const copies = replicasOf(args) + 1;
  const kept = (retentionDays + 1) * gibPerDay * indexedShare * copies;
  const needed = Math.ceil(kept / members / (watermarks.low / 100));
  checks.check(
    "diskGib",
    diskGib,
    (given) => !(given < needed),
    (given) =>
      `is ${given}, and ${retentionDays} days of ${gibPerDay} GiB, kept ${copies === 1 ? "once" : "twice"}, take ${needed} of each of ${members} disks`,
    `Give at least ${needed}, or keep logs for fewer days.`,
  );
}
