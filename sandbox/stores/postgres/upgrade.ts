/**
 * Another major version in place: a new server's files are made beside the old one's, filled from it, and take its place.
 * Until they do, the old ones are not written to; and whenever this is broken off, what stands on the disk tells how to go on.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { PostgresPrograms } from "../../../toolchain/postgres.ts";
import { replaceFile } from "../../home.ts";
import { SupervisedProcess } from "../../processes/supervised-process.ts";
import { unprivileged } from "../privileges.ts";
import { hopeOf, whenReachable } from "../reachable.ts";
import type { StoreSpec } from "../runtime.ts";
import { baseIn, dataIn, makeEmpty, makeServerFolder } from "./first-files.ts";
import { isPassing, SERVICE_DATABASE, SUPERUSER, superuserOf } from "./superuser.ts";
import type { TransferEnd } from "./transfer.ts";

/** Where the two servers listen meanwhile: clients find nobody at the server's own port. */
const PORTS = { old: 25_062, new: 25_063 } as const;
const STOP_GRACE_MS = 30_000;

export interface Upgrade {
  /** The store's own folder. Its server does not run. */
  readonly directory: string;
  /** What the new server is to be. */
  readonly spec: StoreSpec;
  readonly from: PostgresPrograms;
  readonly to: PostgresPrograms;
  /** The module that `ensurePgDump` gives. */
  readonly pgDump: string;
  /** The service's own, in the one and the other. */
  readonly superuserPassword: string;
  /** `postgresql.conf` of the old server, as it last ran. */
  readonly oldSettings: string;
  /** The text of the new one's. */
  readonly newSettings: string;
  readonly signal: AbortSignal;
}

/** The major version whose files these are; undefined when there are none. */
export function versionOfFiles(directory: string): string | undefined {
  const file = path.join(dataIn(directory), "PG_VERSION");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

const madeIn = (directory: string): string => path.join(directory, "upgraded");

/** Carries an upgrade out. Rejects where it cannot be; the old files are then what they were. */
export async function upgradeFiles(upgrade: Upgrade): Promise<void> {
  const { directory, to, superuserPassword } = upgrade;
  const partial = `${madeIn(directory)}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  try {
    await makeEmpty(partial, to.initdb, superuserPassword);
    await fill(upgrade, partial);
    await rename(partial, madeIn(directory));
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await finishUpgrade(directory);
}

/** Puts new files that are complete in the place of the old ones. Does nothing where there are none; may be done again. */
export async function finishUpgrade(directory: string): Promise<void> {
  const made = madeIn(directory);
  for (const folder of [dataIn, baseIn]) {
    if (!existsSync(folder(made))) continue;
    await rm(folder(directory), { recursive: true, force: true });
    await rename(folder(made), folder(directory));
  }
  await rm(made, { recursive: true, force: true });
}

/** Runs both servers for nobody but the service, and moves everything from the one to the other. */
async function fill(upgrade: Upgrade, partial: string): Promise<void> {
  const { spec, from, to, pgDump, superuserPassword, oldSettings, newSettings, signal } = upgrade;
  const access = path.join(partial, "pg_hba.conf");
  // Without TLS too, which `pg_dump` has none of here: this way leads over loopback.
  replaceFile(access, `host all ${SUPERUSER} 127.0.0.1/32 scram-sha-256\n`);
  const settings = path.join(partial, "postgresql.conf");
  replaceFile(settings, newSettings);
  const sockets = path.join(partial, "sockets");
  await makeServerFolder(sockets);
  const server = (name: "old" | "new", { postgres }: PostgresPrograms, data: string, file: string) => {
    const settingsNow = {
      config_file: file,
      hba_file: access,
      port: PORTS[name],
      unix_socket_directories: "",
    };
    const options = Object.entries(settingsNow).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
    return new SupervisedProcess({
      name: `postgres (${name})`,
      command: unprivileged(postgres, ["-D", data, ...options]),
      workingDirectory: sockets,
      logFile: path.join(upgrade.directory, `upgrade-${name}.log`),
      stopSignal: "SIGINT",
    });
  };
  const servers = {
    old: server("old", from, dataIn(upgrade.directory), oldSettings),
    new: server("new", to, dataIn(partial), settings),
  };
  const end = async (name: "old" | "new"): Promise<TransferEnd> => {
    const reached = { host: spec.place.serverHost, port: PORTS[name], password: superuserPassword };
    const asSuperuser = superuserOf({ ...spec, ...reached, authority: spec.authority.certificate });
    servers[name].start();
    const answers = () => asSuperuser(SERVICE_DATABASE, (client) => client.query("SELECT"));
    await whenReachable(answers, isPassing, hopeOf(servers[name], signal));
    return { ...reached, asSuperuser };
  };
  // Loaded by who upgrades.
  const { transferAll } = await import("./transfer.ts");
  try {
    await transferAll({ from: await end("old"), to: await end("new"), pgDump, signal });
  } finally {
    await Promise.all(Object.values(servers).map((each) => each.stop(STOP_GRACE_MS)));
  }
}
