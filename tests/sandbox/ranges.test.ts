import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressAt,
  addressInRange,
  contains,
  formatRange,
  netmaskOf,
  overlap,
  parseRange,
} from "../../sandbox/ranges.ts";

/** Any range whose bits beyond its prefix are clear. */
const anyRange = fc
  .record({ block: fc.integer({ min: 0, max: 2 ** 16 - 1 }), prefixLength: fc.integer({ min: 16, max: 32 }) })
  .map(({ block, prefixLength }) => {
    const size = 2 ** (32 - prefixLength);
    return { first: Math.floor((block * 2 ** 16) / size) * size, prefixLength };
  });

describe("IPv4 ranges", () => {
  it("are read as they are written", () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        expect(parseRange(formatRange(range))).toEqual(range);
      }),
    );
  });

  it("overlap when one holds an end of the other, and not otherwise", () => {
    const last = (range: { first: number; prefixLength: number }) =>
      range.first + 2 ** (32 - range.prefixLength) - 1;
    fc.assert(
      fc.property(anyRange, anyRange, (a, b) => {
        const shared = Math.max(a.first, b.first) <= Math.min(last(a), last(b));
        expect(overlap(a, b)).toBe(shared);
        expect(overlap(b, a)).toBe(shared);
        // Two ranges in CIDR notation that overlap are nested.
        expect(contains(a, b) || contains(b, a)).toBe(shared);
      }),
    );
  });

  it.each(["10.0.0.0", "10.0.0.1/24", "10.0.0.0/33", "10.0.0/24", "256.0.0.0/8", "::/0", ""])(
    "are not %j",
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );

  it("have as many addresses as their prefix says, and a mask", () => {
    const range = parseRange("10.0.0.0/30") ?? { first: 0, prefixLength: 32 };
    expect([0, 3, 4, -1].map((offset) => addressAt(range, offset))).toEqual([
      "10.0.0.0",
      "10.0.0.3",
      undefined,
      undefined,
    ]);
    expect(netmaskOf("10.0.0.0/20")).toBe("255.255.240.0");
  });

  it("are asked for one address", () => {
    expect(addressInRange("10.245.0.0/16", 10)).toBe("10.245.0.10");
    for (const range of ["10.245.0.0", "10.245.0.5/16", "10.245.0.0/29"]) {
      expect(() => addressInRange(range, 10)).toThrow(`no address 10 in the range ${range}`);
    }
  });
});
