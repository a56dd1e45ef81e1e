/** How long a job takes at the most, when nothing else is said. */
const usualLongestJobSeconds = 7200;

/**
 * After how long a job that a worker took, and neither finished nor gave back, is given to another. Whoever takes jobs
 * from the same Valkey must be told the same: each worker gives back what the others seem to have forgotten.
 *
 * @param longestJobSeconds Default: 7200.
 */
export function visibilityTimeoutSeconds(longestJobSeconds = usualLongestJobSeconds): number {
  return longestJobSeconds + 600;
}

/** Name of the setting in which a worker finds it. */
export const visibilityTimeoutSetting = "CELERY_VISIBILITY_TIMEOUT_SECONDS";

/** What the worker needs to be killed after it gave up, to say that it gives its job back. */
const givingBackSeconds = 15;

/**
 * Settings with which a worker that is taken away gives its job back to the queue: the application hands them to Celery
 * as docs/gpu-pool.md shows. Told to stop, the worker finishes its job if it can in the time it has, and else gives it
 * back at once; killed, it leaves a job that the others give back after the visibility timeout.
 */
export function celerySettings(
  stopGraceSeconds: number,
  longestJobSeconds?: number,
): Readonly<Record<string, string>> {
  return {
    // Celery knows a stop that has a limit by this signal alone.
    REMAP_SIGTERM: "SIGQUIT",
    CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT: String(Math.max(1, stopGraceSeconds - givingBackSeconds)),
    CELERY_TASK_ACKS_LATE: "true",
    CELERY_TASK_REJECT_ON_WORKER_LOST: "true",
    CELERY_WORKER_PREFETCH_MULTIPLIER: "1",
    [visibilityTimeoutSetting]: String(visibilityTimeoutSeconds(longestJobSeconds)),
  };
}
