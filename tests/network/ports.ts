/** Ports of one protocol from the first to the last, both included. */
export interface PortRange {
  readonly protocol: "tcp" | "udp";
  readonly first: number;
  readonly last: number;
}

/** Every port there is. */
export const allPorts: readonly PortRange[] = (["tcp", "udp"] as const).map((protocol) => ({
  protocol,
  first: 1,
  last: 65_535,
}));

/** The ranges without overlaps, in order; neighbours become one. */
export function merged(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort(
    (one, other) => one.protocol.localeCompare(other.protocol) || one.first - other.first,
  );
  const result: PortRange[] = [];
  for (const range of sorted) {
    const before = result.at(-1);
    if (before?.protocol === range.protocol && range.first <= before.last + 1) {
      result[result.length - 1] = { ...before, last: Math.max(before.last, range.last) };
    } else {
      result.push(range);
    }
  }
  return result;
}

/** What both have in common. */
export function common(ones: readonly PortRange[], others: readonly PortRange[]): PortRange[] {
  return merged(
    ones.flatMap((one) =>
      others
        .filter(({ protocol }) => protocol === one.protocol)
        .map(({ protocol, first, last }) => ({
          protocol,
          first: Math.max(one.first, first),
          last: Math.min(one.last, last),
        }))
        .filter(({ first, last }) => first <= last),
    ),
  );
}

/** A range as people write it: `tcp 443`, `udp 1-65535`. */
export function written({ protocol, first, last }: PortRange): string {
  return `${protocol} ${first === last ? first : `${first}-${last}`}`;
}
