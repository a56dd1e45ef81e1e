import { setTimeout as sleep } from "node:timers/promises";
import type { Member } from "../delivery/membership.ts";
import { poolAccess } from "../delivery/pool-access.ts";
import { logTo } from "../service.ts";
import { passGate } from "./gate.ts";
import type { RolloutSettings } from "./settings.ts";

/** A worker that takes longer to tell its metrics does not work. */
const answerMs = 5000;

/**
 * Joins the gate to its pool, and passes it.
 *
 * @throws UnhealthyError when those that stay do not work within their time
 */
export async function runRollout(settings: RolloutSettings, write: (line: string) => void): Promise<void> {
  await passGate({
    ...(await poolAccess(settings)),
    rules: {
      floor: settings.FLOOR,
      healthDeadlineMs: settings.HEALTH_DEADLINE_SECONDS * 1000,
      steadyMs: settings.STEADY_SECONDS * 1000,
      patienceMs: settings.PATIENCE_SECONDS * 1000,
    },
    answers: ({ address }: Member) => tellsMetrics(`http://${address}:${settings.METRICS_PORT}/metrics`),
    log: logTo(write),
    now: Date.now,
    pause: () => sleep(settings.ROUND_MILLISECONDS),
  });
}

/** Whether somebody tells metrics there. */
export async function tellsMetrics(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
