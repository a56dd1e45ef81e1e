import type { PlainValue } from "../../kit/index.ts";

/** A time as the vendor's plugin prints some of them, in Go's notation: `2026-11-21 10:00:00 +0000 UTC`. */
export function goTime(time: PlainValue | undefined): string {
  const instant = new Date(String(time));
  if (Number.isNaN(instant.getTime())) return "0001-01-01 00:00:00 +0000 UTC";
  return `${instant.toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
}
