import { createApi } from "../server.ts";
import { logTo, type RunningService, runService, secretsIn, stuckSince } from "../service.ts";
import { Deliverer } from "./deliverer.ts";
import { metricsText } from "./metrics.ts";
import { poolAccess } from "./pool-access.ts";
import type { DeliverySettings } from "./settings.ts";

/** A deliverer at work. */
export interface RunningDelivery extends RunningService {
  readonly deliverer: Deliverer;
}

/** Starts the deliverer: joins it to its pool, and lets it go round until it is stopped. */
export async function runDelivery(
  settings: DeliverySettings,
  write: (line: string) => void,
): Promise<RunningDelivery> {
  const secret = secretsIn(settings.SECRETS_FOLDER);
  const deliverer = new Deliverer({
    ...(await poolAccess(settings)),
    bundle: () => secret("bundle.json"),
    log: logTo(write),
    now: Date.now,
  });
  const server = createApi({
    metrics: () => metricsText(deliverer.view),
    illness: () => stuckSince(deliverer.view.roundMs),
  });
  const service = await runService(
    server,
    settings.PORT,
    () => deliverer.round(),
    settings.ROUND_MILLISECONDS,
  );
  return { ...service, deliverer };
}
