import ipaddr from "ipaddr.js";
import { uniqueLocalRange, widestPrefix } from "../../catalog/addresses.ts";

/** Whether an address or range, however it is spelt, means everybody on the internet or a large part of it. */
export function isEverybody(address: string): boolean {
  const text = address.trim();
  if (ipaddr.isValid(text)) return ipaddr.parse(text).range() === "unspecified";
  if (!ipaddr.isValidCIDR(text)) return false;
  const [start, prefixLength] = ipaddr.parseCIDR(text);
  const [local, localLength] = ipaddr.parseCIDR(uniqueLocalRange);
  if (start.kind() === local.kind() && prefixLength >= localLength && start.match(local, localLength))
    return false;
  return prefixLength < widestPrefix[start.kind()];
}

/** Whether a port or range (`22`, `8000-9000`, `all`, `0`, absent) contains `port`. */
export function includesPort(range: string | undefined, port: number): boolean {
  if (range === undefined || range === "all" || range === "0" || range === "") return true;
  const [first = "", last = first] = range.split("-");
  return Number(first) <= port && port <= Number(last);
}
