/** What a pool has cost since midnight (UTC), and up to when that is reckoned. */
export interface Ledger {
  readonly atMs: number;
  /** US dollars. */
  readonly spentUsd: number;
}

const msPerHour = 3_600_000;
const msPerDay = 24 * msPerHour;

/** The last midnight (UTC) before a moment. */
function midnightBefore(ms: number): number {
  return ms - (ms % msPerDay);
}

/** A ledger for a pool of which none was kept: as though all members had been there since midnight, or its making. */
export function openLedger(
  nowMs: number,
  pool: { readonly createdMs: number; readonly members: number },
  memberUsdPerHour: number,
): Ledger {
  const fromMs = Math.min(nowMs, Math.max(midnightBefore(nowMs), pool.createdMs));
  return charge({ atMs: fromMs, spentUsd: 0 }, nowMs, pool.members, memberUsdPerHour);
}

/** Adds what so many members cost since the ledger was last touched. A new day begins at nothing. */
export function charge(ledger: Ledger, nowMs: number, members: number, memberUsdPerHour: number): Ledger {
  // A clock that was put back takes no money back.
  if (nowMs <= ledger.atMs) return ledger;
  const midnightMs = midnightBefore(nowMs);
  const newDay = midnightMs > ledger.atMs;
  const fromMs = newDay ? midnightMs : ledger.atMs;
  const usd = (members * memberUsdPerHour * (nowMs - fromMs)) / msPerHour;
  return { atMs: nowMs, spentUsd: (newDay ? 0 : ledger.spentUsd) + usd };
}
