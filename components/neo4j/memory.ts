/** How Neo4j divides the memory it has, in MiB. */
export interface MemorySettings {
  /** Java's heap: queries and transactions under way. */
  readonly heapMib: number;
  /** What of the store is kept in memory. */
  readonly pageCacheMib: number;
}

/**
 * What Neo4j's own `neo4j-admin server memory-recommendation` leaves to everything that is neither heap nor page cache
 * (Lucene's indexes, threads, network), and what it gives the heap, by the memory in all; all in GiB.
 */
const recommendations = [
  { total: 0, rest: 0, heap: 0 },
  { total: 1, rest: 0.65, heap: 0.3 },
  { total: 2, rest: 1, heap: 0.5 },
  { total: 4, rest: 1.5, heap: 2 },
  { total: 6, rest: 2, heap: 3 },
  { total: 8, rest: 2.5, heap: 3.5 },
  { total: 10, rest: 3, heap: 4 },
  { total: 12, rest: 3.5, heap: 4.5 },
  { total: 16, rest: 4, heap: 5 },
  { total: 24, rest: 6, heap: 8 },
  { total: 32, rest: 8, heap: 12 },
  { total: 64, rest: 12, heap: 24 },
  { total: 128, rest: 16, heap: 31 },
  { total: 256, rest: 20, heap: 31 },
] as const;

type Recommendation = (typeof recommendations)[number];

/**
 * Neo4j's recommendation for a container of so much memory: between two rows of its table it is interpolated.
 *
 * @param containerMib what the container is promised and allowed
 */
export function memorySettings(containerMib: number): MemorySettings {
  const total = containerMib / 1024;
  const next = recommendations.findIndex((row) => total <= row.total);
  const [below, above] = [recommendations.at(next - 1), recommendations.at(next)];
  const between = (of: (row: Recommendation) => number) => {
    if (below === undefined || above === undefined) return 0;
    // Beyond the table neither grows: all that is more is the page cache's.
    const share = next < 0 ? 1 : (total - below.total) / (above.total - below.total);
    return of(below) + share * (of(above) - of(below));
  };
  const heapMib = Math.floor(between(({ heap }) => heap) * 1024);
  return { heapMib, pageCacheMib: Math.floor(containerMib - heapMib - between(({ rest }) => rest) * 1024) };
}
