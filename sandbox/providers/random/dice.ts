import { createHash, randomBytes, randomInt } from "node:crypto";

/** A source of whole numbers from 0 up to, but without, `bound`. */
export type Dice = (bound: number) => number;

/** Dice nobody can foresee. */
export const unpredictable: Dice = (bound) => randomInt(bound);

/**
 * Dice that fall the same way for the same seed, for results that should be stable, never for secrets. The vendor's plugin
 * seeds Go's generator: results for a seed are as stable here, but they are not the same ones.
 */
export function seeded(seed: string): Dice {
  let throws = 0;
  return (bound) => {
    const range = 2n ** 128n;
    const fair = range - (range % BigInt(bound));
    for (;;) {
      const digest = createHash("sha256").update(`${throws}:${seed}`).digest("hex").slice(0, 32);
      throws += 1;
      const drawn = BigInt(`0x${digest}`);
      if (drawn < fair) return Number(drawn % BigInt(bound));
    }
  };
}

/** The items in a random order, each order equally likely. */
export function shuffle<T>(items: readonly T[], dice: Dice): T[] {
  const left = [...items];
  return Array.from(items, () => left.splice(dice(left.length), 1)).flat();
}

/** A version 4 UUID as the vendor's `RandomUuid` makes it (any bits) and `RandomUuid4` (version and variant set). */
export function uuid(version: "any" | 4 | 7, now: number = Date.now()): string {
  const bytes = randomBytes(16);
  if (version === 7) bytes.writeUIntBE(now, 0, 6);
  if (version !== "any") {
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  }
  return formatUuid(bytes);
}

/** 16 bytes as 8-4-4-4-12 hexadecimal digits. */
export function formatUuid(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
