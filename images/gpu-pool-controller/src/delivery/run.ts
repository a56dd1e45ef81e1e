import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DigitalOcean } from "../digitalocean.ts";
import { createApi } from "../server.ts";
import { logTo, type RunningService, runService, secretsIn, stuckSince } from "../service.ts";
import { Deliverer } from "./deliverer.ts";
import { type Member, type MembershipRules, type Roll, readPool } from "./membership.ts";
import { metricsText } from "./metrics.ts";
import { converse } from "./session.ts";
import type { DeliverySettings } from "./settings.ts";

/** A deliverer at work. */
export interface RunningDelivery extends RunningService {
  readonly deliverer: Deliverer;
}

/** A droplet that takes longer for a session is no use in this round. */
const sessionMs = 20_000;

/**
 * Starts the deliverer: joins it to its pool, and lets it go round until it is stopped.
 *
 * @param reach Where a member's SSH answers. Default: port 22 of its address.
 */
export async function runDelivery(
  settings: DeliverySettings,
  write: (line: string) => void,
  reach: (member: Member) => { host: string; port: number } = ({ address }) => ({ host: address, port: 22 }),
): Promise<RunningDelivery> {
  const secret = secretsIn(settings.SECRETS_FOLDER);
  await mkdir(settings.HOST_KEY_FOLDER, { recursive: true, mode: 0o700 });
  const mark = await secret("mark");
  const rules: MembershipRules = { roll: rollOf(settings), vpcId: settings.VPC_ID, mark };
  const api = new DigitalOcean({
    apiUrl: settings.DIGITALOCEAN_API_URL.replace(/\/$/, ""),
    token: () => secret("digitalocean-token"),
    timeoutMs: 10_000,
  });
  const deliverer = new Deliverer({
    readPool: () => readPool(api, rules),
    bundle: () => secret("bundle.json"),
    mark,
    converse: (member, hostKeyFile, decide) =>
      converse(
        {
          ...reach(member),
          account: settings.ACCOUNT,
          keyFile: join(settings.SECRETS_FOLDER, "ssh-key"),
          hostKeyFile,
          timeoutMs: sessionMs,
        },
        decide,
      ),
    hostKeyFolder: settings.HOST_KEY_FOLDER,
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

function rollOf({ DROPLET_IDS: dropletIds, POOL_ID: poolId }: DeliverySettings): Roll {
  if (dropletIds !== undefined) return { dropletIds };
  if (poolId !== undefined) return { poolId };
  throw new Error("neither droplets nor a pool are named");
}
