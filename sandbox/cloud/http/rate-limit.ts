import type { FastifyInstance } from "fastify";
import { ApiError } from "../errors.ts";

const hourMs = 3_600_000;

/** How many requests the API takes in an hour, and what it does with more. */
export interface RateLimit {
  /** Shown in `ratelimit-limit`. DigitalOcean's is 5,000. */
  readonly requestsPerHour: number;
  /** Whether more are refused with 429. A sandbox that is polled, measured and killed all day had better not. */
  readonly enforced: boolean;
}

/**
 * Counts requests in windows of an hour and says so in the headers of every answer, as the API does.
 * @param now Milliseconds since the epoch.
 */
export function limitRate(app: FastifyInstance, limit: RateLimit, now: () => number): void {
  let windowEndsMs = 0;
  let used = 0;

  app.addHook("onRequest", async (_request, reply) => {
    if (now() >= windowEndsMs) {
      windowEndsMs = now() + hourMs;
      used = 0;
    }
    used += 1;
    reply.headers({
      "ratelimit-limit": String(limit.requestsPerHour),
      "ratelimit-remaining": String(Math.max(0, limit.requestsPerHour - used)),
      "ratelimit-reset": String(Math.ceil(windowEndsMs / 1000)),
    });
    if (limit.enforced && used > limit.requestsPerHour) {
      throw new ApiError(429, "API Rate limit exceeded.");
    }
  });
}
