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
import { run, unprivileged } from "../privileges.ts";
import { hopeOf, whenReachable } from "../reachable.ts";
import type { StoreOrigin, StoreReport, StoreSpec } from "../runtime.ts";
import type { StoreServer } from "../store.ts";
import { applyContents } from "./contents.ts";
import { type CopySource, copySource, dataIn, makeCopy, makeEmpty, makeServerFolder } from "./first-files.ts";
import { Pooler } from "./pooler.ts";
import { type PostgresRecord, readRecord, recordIn, writeRecord } from "./record.ts";
import { hostBasedAuthentication, postgresSettings, settingsText } from "./settings.ts";
import { type AsSuperuser, isPassing, SERVICE_DATABASE, SUPERUSER, superuserOf } from "./superuser.ts";

const STOP_GRACE_MS = 5_000;
const RELOAD_POLL_MS = 10;
const RELOAD_LOOKS = 500;

/** See the file's comment. */
export class PostgresServer implements StoreServer {
  readonly programs: readonly string[];
  private readonly directory: string;
  private readonly files;
  private readonly process: SupervisedProcess;
  private readonly pooler: Pooler;
  private record: PostgresRecord | undefined;
  private refusedSettings: string | undefined;
  private readonly initdb: string;
  private readonly postgres: string;

  /** @param directory The store's own folder; what it has from an earlier run is gone on with. */
  constructor(
    directory: string,
    { postgres, initdb }: PostgresPrograms,
    pgbouncer: Available<DebianProgram>,
  ) {
    const file = (...names: string[]) => path.join(directory, ...names);
    this.directory = directory;
    this.files = {
      data: dataIn(directory),
      sockets: file("sockets"),
      record: recordIn(directory),
      settings: file("postgresql.conf"),
      hostBasedAuthentication: file("pg_hba.conf"),
      certificate: file("server.crt"),
      key: file("server.key"),
      log: file("postgres.log"),
    };
    this.pooler = new Pooler({ directory, ...this.files, program: pgbouncer });
    this.programs = [postgres, initdb, ...this.pooler.programs];
    this.postgres = postgres;
    this.initdb = initdb;
    this.record = readRecord(this.files.record);
    this.process = new SupervisedProcess({
      name: "postgres",
      command: unprivileged(postgres, this.serverArguments(this.files.settings)),
      workingDirectory: directory,
      logFile: this.files.log,
      // A fast shutdown; the default would wait for every client to leave.
      stopSignal: "SIGINT",
    });
  }

  get running(): StoreReport["processes"] {
    return [...this.process.running, ...this.pooler.running];
  }

  get trouble(): readonly string[] {
    const own = [this.process.trouble, this.refusedSettings].filter((each) => each !== undefined);
    return [...own, ...this.pooler.trouble];
  }

  hasServed(): boolean {
    return this.record?.applied !== undefined;
  }

  async apply(spec: StoreSpec, signal: AbortSignal): Promise<void> {
    const isNew = !existsSync(this.files.data);
    const source = isNew && spec.origin ? this.sourceOf(spec.origin) : undefined;
    const record: PostgresRecord = this.record ?? {
      superuserPassword: source?.superuserPassword ?? randomBytes(24).toString("base64url"),
    };
    if (this.record === undefined) writeRecord(this.files.record, record);
    this.record = record;
    const asSuperuser = superuserOf({
      place: spec.place,
      password: record.superuserPassword,
      authority: spec.authority.certificate,
    });
    await ensureCertificate(spec, this.files);
    if (isNew) {
      if (source === undefined) await makeEmpty(this.directory, this.initdb, record.superuserPassword);
      else await makeCopy(this.directory, source, spec.authority);
    }
    await makeServerFolder(this.files.sockets);
    const changed = await this.writeSettings(spec);
    const hope = hopeOf(this.process, signal);
    try {
      if (!this.process.isStarted) this.process.start();
      else if (changed.length > 0)
        await whenReachable(() => this.takeUp(asSuperuser, changed), isPassing, hope);
      const before = record.applied ?? { users: [], databases: [] };
      await whenReachable(() => applyContents(asSuperuser, spec, before), isPassing, hope);
    } catch (error) {
      if (record.applied === undefined) await this.stop();
      throw error;
    }
    const { users, databases } = spec;
    this.record = { ...record, applied: { users, databases } };
    writeRecord(this.files.record, this.record);
    await this.pooler.apply(spec, record.superuserPassword, signal);
  }

  async stop(): Promise<void> {
    await this.pooler.stop();
    await this.process.stop(STOP_GRACE_MS);
  }

  /** Stores live side by side. */
  private sourceOf(origin: StoreOrigin): CopySource {
    return copySource(origin, path.join(path.dirname(this.directory), origin.id));
  }

  private serverArguments(settings: string): string[] {
    return ["-D", this.files.data, "-c", `config_file=${settings}`];
  }

  /** Writes settings that the server can be started with. @returns The names of those that changed. */
  private async writeSettings(spec: StoreSpec): Promise<string[]> {
    const { settings: file, hostBasedAuthentication: accessFile } = this.files;
    replaceFile(accessFile, hostBasedAuthentication(spec, SUPERUSER));
    const wanted = settingsText(postgresSettings(spec, this.files));
    const current = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (wanted === current) return [];
    const candidate = `${file}.candidate`;
    replaceFile(candidate, wanted);
    this.refusedSettings = undefined;
    try {
      await run(
        unprivileged(this.postgres, [...this.serverArguments(candidate), "-C", "port"]),
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
  private async takeUp(asSuperuser: AsSuperuser, changed: readonly string[]): Promise<void> {
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
      await this.process.stop(STOP_GRACE_MS);
      this.process.start();
      return;
    }
    // The next connection must have them: new ones are the server's children, and it reads them when its signal arrives.
    for (let look = 0; look < RELOAD_LOOKS && (await loadedAt()) === before; look++)
      await delay(RELOAD_POLL_MS);
  }
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
