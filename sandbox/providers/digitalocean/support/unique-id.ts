import { randomBytes } from "node:crypto";

/** An id for what has none in the API: the prefix, the time to the tenth of a second, and random digits. */
export function uniqueId(prefix: string): string {
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 15);
  return `${prefix}${time}${randomBytes(6).toString("hex").slice(0, 11)}`;
}
