import type { ControllerView } from "./controller.ts";
import { type PoolRules, reasons } from "./decision.ts";
import { exposition, gauge, type Metric } from "./exposition.ts";

/** What the controller sees and does, in Prometheus' text format. What is not known yet is left out. */
export function metricsText(view: ControllerView, rules: PoolRules): string {
  const { queue, pool, decision } = view;
  const metrics: Record<string, Metric> = {
    gpu_pool_queue_waiting: gauge("Jobs that no worker has taken", queue?.waiting),
    gpu_pool_queue_in_flight: gauge("Jobs that a worker has in hand", queue?.inFlight),
    gpu_pool_queue_oldest_seconds: gauge("Age of the oldest waiting job", queue?.oldestWaitingSeconds),
    gpu_pool_members: {
      help: "Members the queue asks for (wanted), the pool is told to have (target), are up (active), may be at least and at most",
      type: "gauge",
      values: {
        'state="wanted"': decision?.wanted,
        'state="target"': pool?.target,
        'state="active"': pool?.active,
        'state="floor"': rules.floor,
        'state="ceiling"': rules.ceiling,
      },
    },
    gpu_pool_decision: {
      help: "1 for the reason of the last decision",
      type: "gauge",
      values: byReason((reason) => decision && Number(reason === decision.reason)),
    },
    gpu_pool_decisions_total: {
      help: "Decisions by reason",
      type: "counter",
      values: byReason((reason) => view.decisions[reason] ?? 0),
    },
    gpu_pool_resizes_total: {
      help: "Times the pool was told another number",
      type: "counter",
      values: { "": view.resizes },
    },
    gpu_pool_errors_total: {
      help: "Rounds in which the queue, the pool's API or the memory failed",
      type: "counter",
      values: Object.fromEntries(
        Object.entries(view.errors).map(([source, count]) => [`source="${source}"`, count]),
      ),
    },
    gpu_pool_spent_usd: gauge("US dollars spent since midnight (UTC)", view.spentUsd),
    gpu_pool_budget_usd: gauge("US dollars to spend from midnight to midnight (UTC)", rules.budgetUsdPerDay),
    gpu_pool_decided_timestamp_seconds: gauge("When the last decision was made", view.decidedMs / 1000),
  };
  return exposition(metrics);
}

function byReason(value: (reason: string & (typeof reasons)[number]) => number | undefined) {
  return Object.fromEntries(reasons.map((reason) => [`reason="${reason}"`, value(reason)]));
}
