/** The process of one PostgreSQL cluster and its files, from the first certificate to the last signal. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DebianProgram } from "../../../toolchain/debian-program.ts";
import type { PostgresPrograms } from "../../../toolchain/postgres.ts";
import { replaceFile } from "../../home.ts";
import { SupervisedProcess } from "../../processes/supervised-process.ts";
import type { Available } from "../available.ts";
import { ensureCertificate } from "../certificate.ts";
import type { Figure } from "../metrics/exposition.ts";
import { run, unprivileged } from "../privileges.ts";
import type { PostgresVersions } from "../programs.ts";
import { hopeOf, whenReachable } from "../reachable.ts";
import { type StoreReport, type StoreSpec, UpgradeFailed } from "../runtime.ts";
import type { StoreServer } from "../store.ts";
import { applyContents } from "./contents.ts";
import { postgresFigures } from "./figures.ts";
import {
  type CopySource,
  checkStandbyLog,
  copySource,
  dataIn,
  makeCopy,
  makeEmpty,
  makeServerFolder,
  makeStandby,
  removeFiles,
  standbySignalIn,
} from "./first-files.ts";
import { Pooler } from "./pooler.ts";
import { type PostgresRecord, readRecord, recordIn, writeRecord } from "./record.ts";
import { hostBasedAuthentication, postgresSettings, settingsText } from "./settings.ts";
import { catchUp, promote, writePrimaryAccess } from "./standby.ts";
import { type AsSuperuser, isPassing, SERVICE_DATABASE, superuserOf } from "./superuser.ts";
import { finishUpgrade, upgradeFiles, versionOfFiles } from "./upgrade.ts";

const STOP_GRACE_MS = 5_000;
const RELOAD_POLL_MS = 10;
const RELOAD_LOOKS = 500;

/** A server of one version: its programs, and the process of it that is kept running. */
interface Running {
  readonly programs: PostgresPrograms;
  readonly process: SupervisedProcess;
}

/** See the file's comment. */
export class PostgresServer implements StoreServer {
  readonly programs: readonly string[];
  private readonly directory: string;
  private readonly files;
  private readonly pooler: Pooler;
  private readonly versions: PostgresVersions;
  /** Absent until its programs are there. */
  private current: Running | undefined;
  private record: PostgresRecord | undefined;
  private refusedSettings: string | undefined;

  /** @param directory The store's own folder; what it has from an earlier run is gone on with. */
  constructor(directory: string, versions: PostgresVersions, pgbouncer: Available<DebianProgram>) {
    const file = (...names: string[]) => path.join(directory, ...names);
    this.directory = directory;
    this.versions = versions;
    this.files = {
      data: dataIn(directory),
      sockets: file("sockets"),
      record: recordIn(directory),
      settings: file("postgresql.conf"),
      hostBasedAuthentication: file("pg_hba.conf"),
      certificate: file("server.crt"),
      key: file("server.key"),
      log: file("postgres.log"),
      primaryPassword: file("primary-password"),
      authority: file("authority.crt"),
      standbySignal: standbySignalIn(directory),
    };
    this.pooler = new Pooler({ directory, ...this.files, program: pgbouncer });
    this.programs = ["postgres", "initdb", ...this.pooler.programs];
    this.record = readRecord(this.files.record);
  }

  get running(): StoreReport["processes"] {
    return [...(this.current?.process.running ?? []), ...this.pooler.running];
  }

  get trouble(): readonly string[] {
    const own = [this.current?.process.trouble, this.refusedSettings, this.record?.failedUpgrade];
    return [...own.filter((each) => each !== undefined), ...this.pooler.trouble];
  }

  hasServed(): boolean {
    return this.record?.applied !== undefined;
  }

  /** @throws UpgradeFailed when it runs, and is what was asked for but for its version */
  async apply(spec: StoreSpec, signal: AbortSignal): Promise<void> {
    await finishUpgrade(this.directory);
    const version = versionOfFiles(this.directory) ?? spec.version;
    if (version === spec.version) return this.applyAs(spec, signal);
    if (spec.primary !== undefined) await this.discard();
    else if (this.isStandby) await this.applyAs({ ...spec, version }, signal);
    const failure = spec.primary === undefined ? await this.upgrade(spec, version, signal) : undefined;
    await this.applyAs(failure === undefined ? spec : { ...spec, version }, signal);
    if (failure !== undefined) throw failure;
  }

  figures(spec: StoreSpec): Promise<readonly Figure[]> {
    return postgresFigures(asSuperuserOf(spec, this.record));
  }

  async stop(): Promise<void> {
    await this.pooler.stop();
    await this.current?.process.stop(STOP_GRACE_MS);
  }

  /** Makes its files those of the version that is wanted. @returns Why that could not be. */
  private async upgrade(
    spec: StoreSpec,
    version: string,
    signal: AbortSignal,
  ): Promise<UpgradeFailed | undefined> {
    const { record } = this;
    try {
      if (record === undefined) throw new Error("Nothing is known of the server whose files these are.");
      const [from, to] = await Promise.all(
        [version, spec.version].map((each) => this.versions.programs(each)),
      );
      if (from === undefined || to === undefined) throw new Error("There are two versions.");
      const pgDump = await this.versions.pgDump();
      const newSettings = settingsText(postgresSettings(spec, this.files));
      await this.stop();
      await upgradeFiles({
        ...{ directory: this.directory, spec, from, to, pgDump, signal },
        ...{ superuserPassword: record.superuserPassword, oldSettings: this.files.settings, newSettings },
      });
      this.remember({ ...record, failedUpgrade: undefined });
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      const failure = `The upgrade to PostgreSQL ${spec.version} failed, and it goes on as ${version}: ${reason}`;
      if (record !== undefined) this.remember({ ...record, failedUpgrade: failure });
      return new UpgradeFailed(failure);
    }
  }

  /** Forgets what a copy holds: it is made anew from its primary. */
  private async discard(): Promise<void> {
    await this.stop();
    await removeFiles(this.directory);
  }

  /** The process of that version's server; started only when it has what it needs. */
  private async use(version: string): Promise<Running> {
    if (this.current?.programs.majorVersion === version) return this.current;
    const programs = await this.versions.programs(version);
    await this.current?.process.stop(STOP_GRACE_MS);
    const process = new SupervisedProcess({
      name: "postgres",
      command: unprivileged(programs.postgres, this.serverArguments(this.files.settings)),
      workingDirectory: this.directory,
      logFile: this.files.log,
      // A fast shutdown; the default would wait for every client to leave.
      stopSignal: "SIGINT",
    });
    this.current = { programs, process };
    return this.current;
  }

  private async applyAs(spec: StoreSpec, signal: AbortSignal): Promise<void> {
    const source = this.sourceFor(spec);
    const record = this.ensureRecord(source);
    const running = await this.use(spec.version);
    await this.makeFiles(spec, source, running, record.superuserPassword);
    const asSuperuser = asSuperuserOf(spec, record);
    const { process } = running;
    const hope = hopeOf(process, signal);
    const catchUpWith = (primary: CopySource) =>
      whenReachable(() => catchUp(asSuperuser, primary, spec.authority, signal), isPassing, hope);
    try {
      if (spec.primary === undefined && this.isStandby) {
        // It begins where its primary is, and until then is what it was.
        process.start();
        if (source !== undefined) await catchUpWith(source);
        await promote(asSuperuser);
      }
      const changed = await this.writeSettings(spec, running);
      if (!process.isStarted) process.start();
      else if (changed.length > 0)
        await whenReachable(() => this.takeUp(asSuperuser, process, changed), isPassing, hope);
      const before = record.applied ?? { users: [], databases: [] };
      // What is in a standby comes with its primary's log.
      if (spec.primary !== undefined && source !== undefined) await catchUpWith(source);
      else await whenReachable(() => applyContents(asSuperuser, spec, before), isPassing, hope);
    } catch (error) {
      if (record.applied === undefined) await this.stop();
      throw error;
    }
    const { users, databases } = spec;
    this.remember({ ...record, applied: { users, databases } });
    await this.pooler.apply(spec, record.superuserPassword, signal);
  }

  private remember(record: PostgresRecord): void {
    this.record = record;
    writeRecord(this.files.record, record);
  }

  private get isNew(): boolean {
    return !existsSync(this.files.data);
  }

  private get isStandby(): boolean {
    return existsSync(this.files.standbySignal);
  }

  /** Whom it follows, or goes on from; nobody when it has all that it needs. Stores live side by side. */
  private sourceFor({ primary, origin }: StoreSpec): CopySource | undefined {
    const other = primary ?? (this.isNew || this.isStandby ? origin : undefined);
    return other && copySource(other, path.join(path.dirname(this.directory), other.id));
  }

  private ensureRecord(source: CopySource | undefined): PostgresRecord {
    if (this.record !== undefined) return this.record;
    const superuserPassword = source?.superuserPassword ?? randomBytes(24).toString("base64url");
    const record = { superuserPassword };
    this.remember(record);
    return record;
  }

  /** Makes what a server has to find when it starts, but for its settings. */
  private async makeFiles(
    spec: StoreSpec,
    source: CopySource | undefined,
    { programs, process }: Running,
    superuserPassword: string,
  ): Promise<void> {
    await ensureCertificate(spec, this.files);
    await makeServerFolder(this.files.sockets);
    if (this.isNew) {
      if (source === undefined) await makeEmpty(this.directory, programs.initdb, superuserPassword);
      else if (spec.primary === undefined) await makeCopy(this.directory, source, spec.authority);
      else await makeStandby(this.directory, source);
    }
    if (spec.primary === undefined || source === undefined) return;
    if (!process.isStarted) await checkStandbyLog(this.directory, source);
    writePrimaryAccess(this.files, source, spec.authority);
  }

  private serverArguments(settings: string): string[] {
    return ["-D", this.files.data, "-c", `config_file=${settings}`];
  }

  /** Writes settings that the server can be started with. @returns The names of those that changed. */
  private async writeSettings(spec: StoreSpec, { programs }: Running): Promise<string[]> {
    const { settings: file, hostBasedAuthentication: accessFile } = this.files;
    replaceFile(accessFile, hostBasedAuthentication(spec));
    const wanted = settingsText(postgresSettings(spec, this.files));
    const current = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (wanted === current) return [];
    const candidate = `${file}.candidate`;
    replaceFile(candidate, wanted);
    this.refusedSettings = undefined;
    try {
      await run(
        unprivileged(programs.postgres, [...this.serverArguments(candidate), "-C", "port"]),
        this.directory,
      );
    } catch (error) {
      if (current === "") throw error;
      this.refusedSettings = `PostgreSQL refuses what it is configured to be, and keeps what it was: ${String(error)}`;
      return [];
    }
    await rename(candidate, file);
    return changedNames(current, wanted);
  }

  /** Lets a server that runs take up its settings: by reading them again, or from a new start where it must. */
  private async takeUp(
    asSuperuser: AsSuperuser,
    process: SupervisedProcess,
    changed: readonly string[],
  ): Promise<void> {
    const loadedAt = () =>
      asSuperuser(SERVICE_DATABASE, async (client) => {
        const { rows } = await client.query<{ at: string }>("SELECT pg_conf_load_time()::text AS at");
        return rows[0]?.at;
      });
    const before = await loadedAt();
    const restart = await asSuperuser(SERVICE_DATABASE, async (client) => {
      const query = "SELECT FROM pg_settings WHERE context = 'postmaster' AND name = ANY ($1)";
      if (((await client.query(query, [changed])).rowCount ?? 0) > 0) return true;
      await client.query("SELECT pg_reload_conf()");
      return false;
    });
    if (restart) {
      await process.stop(STOP_GRACE_MS);
      process.start();
      return;
    }
    // The next connection must have them: new ones are the server's children, and it reads them when its signal arrives.
    for (let look = 0; look < RELOAD_LOOKS && (await loadedAt()) === before; look++)
      await delay(RELOAD_POLL_MS);
  }
}

function asSuperuserOf({ place, authority }: StoreSpec, record: PostgresRecord | undefined): AsSuperuser {
  return superuserOf({
    place,
    password: record?.superuserPassword ?? "",
    authority: authority.certificate,
  });
}

function changedNames(before: string, after: string): string[] {
  const known = new Set(before.split("\n"));
  const wanted = new Set(after.split("\n"));
  const lines = [
    ...[...known].filter((line) => !wanted.has(line)),
    ...[...wanted].filter((line) => !known.has(line)),
  ];
  return [...new Set(lines.map((line) => line.split(" = ")[0] ?? ""))];
}
