/** The process that keeps a PostgreSQL cluster's connection pools: PgBouncer, as in the managed service. */
import path from "node:path";
import type { DebianProgram } from "../../../toolchain/debian-program.ts";
import { replaceFile } from "../../home.ts";
import { SupervisedProcess } from "../../processes/supervised-process.ts";
import type { Available } from "../available.ts";
import { unprivileged } from "../privileges.ts";
import { hopeOf, whenReachable } from "../reachable.ts";
import { type StorePool, type StoreReport, type StoreSpec, storePorts } from "../runtime.ts";
import { CONSOLE_DATABASE, passwordsText, poolAccessText, poolerText } from "./pooler-settings.ts";
import { isUnreachable, superuserOf } from "./superuser.ts";

const STOP_GRACE_MS = 1_000;

/** What a pooler is made from. */
export interface PoolerOptions {
  /** The store's own folder. */
  readonly directory: string;
  /** Has PostgreSQL's socket. */
  readonly sockets: string;
  readonly certificate: string;
  readonly key: string;
  readonly program: Available<DebianProgram>;
}

/** See the file's comment. It runs as long as there is a pool. */
export class Pooler {
  readonly programs: readonly string[];
  private readonly files;
  private readonly process: SupervisedProcess | undefined;
  private readonly absence: string | undefined;
  private pools: readonly StorePool[] = [];
  /** What the process was last told. */
  private current = "";

  constructor({ directory, sockets, certificate, key, program: found }: PoolerOptions) {
    const file = (name: string) => path.join(directory, name);
    this.files = {
      settings: file("pgbouncer.ini"),
      passwords: file("pool-users.txt"),
      access: file("pool_hba.conf"),
      certificate,
      key,
    };
    if ("reason" in found) {
      this.programs = [];
      this.absence = `its connection pools are API state only: ${found.reason}`;
      return;
    }
    const { program, environment } = found.programs;
    this.programs = [program];
    this.process = new SupervisedProcess({
      name: "pgbouncer",
      command: unprivileged(program, [this.files.settings], environment),
      workingDirectory: sockets,
      logFile: file("pgbouncer.log"),
    });
  }

  get running(): StoreReport["processes"] {
    return this.process?.running ?? [];
  }

  get trouble(): readonly string[] {
    const absence = this.pools.length > 0 ? this.absence : undefined;
    return [absence, this.process?.trouble].filter((each) => each !== undefined);
  }

  /** Makes the pools those wanted; who is in one that stays is not disturbed. */
  async apply(spec: StoreSpec, superuserPassword: string, signal: AbortSignal): Promise<void> {
    const before = this.pools;
    this.pools = spec.pools;
    if (this.process === undefined) return;
    // A pool that loses its user PgBouncer keeps for that user, until it starts anew.
    const isOpened = ({ name, user }: StorePool) =>
      user === undefined && before.some((pool) => pool.name === name && pool.user !== undefined);
    if (spec.pools.length === 0 || spec.pools.some(isOpened)) await this.stop();
    if (spec.pools.length === 0) return;
    const texts = {
      [this.files.settings]: poolerText(spec, this.files),
      [this.files.passwords]: passwordsText(spec, superuserPassword),
      [this.files.access]: poolAccessText(spec),
    };
    const wanted = Object.values(texts).join("\n");
    if (wanted === this.current) return;
    for (const [file, text] of Object.entries(texts)) replaceFile(file, text);
    const inConsole = superuserOf({
      place: spec.place,
      port: storePorts.pool,
      password: superuserPassword,
      authority: spec.authority.certificate,
    });
    this.process.start();
    // One that is just starting has read the files, or reads them again: it answers either way when it has them.
    await whenReachable(
      () => inConsole(CONSOLE_DATABASE, (client) => client.query("RELOAD")),
      isUnreachable,
      hopeOf(this.process, signal),
    );
    this.current = wanted;
  }

  async stop(): Promise<void> {
    this.current = "";
    await this.process?.stop(STOP_GRACE_MS);
  }
}
