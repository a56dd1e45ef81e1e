/**
 * From where on something is wrong, as those said who asked for the platform. Rules, DigitalOcean's alerts and
 * `platform health` all take them from here, so that nobody is told two things of one figure. A share of 1 is the whole.
 */
export const thresholds = {
  /** Requests that fail with a server error: `critical`, and from `paging` on somebody is woken. */
  failedRequests: { critical: 0.05, paging: 0.1 },
  /** Seconds within which 95 % of requests are answered. */
  responseSeconds: 2,
  /** Seconds that a request takes on average. */
  meanResponseSeconds: 0.5,
  /** Processors that are busy. */
  processors: 0.8,
  /** Memory that is taken. */
  memory: 0.85,
  /** Disk that is taken. */
  disk: { warning: 0.85, critical: 0.9 },
  /** Days that a certificate is still good for. */
  certificateDays: 30,
  /** Days that a certificate of the stack's own is still good for when an `up` should have renewed it. */
  renewalDays: 45,
  /** Jobs that wait in one queue. */
  queuedJobs: 1_000,
  /** Questions to which the cache knows the answer; fewer than `least` a second say nothing. */
  cacheHits: { warning: 0.8, least: 1 },
  /** Connections of PostgreSQL that are taken. */
  databaseConnections: { warning: 0.8, critical: 0.95 },
  /** Seconds that a transaction may stay open. */
  transactionSeconds: 1_800,
  /** Seconds that a replica may be behind. */
  replicaLagSeconds: 60,
} as const;
