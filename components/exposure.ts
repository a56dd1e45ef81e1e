import ipaddr from "ipaddr.js";
import { widestPrefix } from "../catalog/addresses.ts";
import type { ArgumentChecks } from "./errors.ts";

/**
 * Whether a range in CIDR notation, however it is spelt, is the whole internet or a large part of it. The policies
 * read ranges for themselves: a gate that asks what it judges judges nothing.
 */
export function isEverybody(range: string): boolean {
  if (ipaddr.isValid(range)) return ipaddr.parse(range).range() === "unspecified";
  if (!ipaddr.isValidCIDR(range)) return false;
  const [start, prefixLength] = ipaddr.parseCIDR(range);
  return prefixLength < widestPrefix[start.kind()];
}

/** Records a fault for each range that is none, or that is no range of operators but everybody's. */
export function checkOperatorRanges(checks: ArgumentChecks, path: string, ranges: readonly string[]): void {
  for (const [index, range] of ranges.entries()) {
    checks.check(
      `${path}[${index}]`,
      range,
      (text) => ipaddr.isValidCIDR(text) && !isEverybody(text),
      (text) => `is "${text}", which is no range in CIDR notation, or a large part of the internet`,
      "Name the range your operators come from, as in 203.0.113.0/24.",
    );
  }
}
