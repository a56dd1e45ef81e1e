/** The process of one Valkey cluster and its files, from the first certificate to the last signal. */
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Valkey } from "iovalkey";
import type { DebianProgram } from "../../../toolchain/debian-program.ts";
import { replaceFile } from "../../home.ts";
import { SupervisedProcess } from "../../processes/supervised-process.ts";
import { ensureCertificate } from "../certificate.ts";
import type { Figure } from "../metrics/exposition.ts";
import { serverOwner, unprivileged } from "../privileges.ts";
import { hopeOf, whenReachable } from "../reachable.ts";
import { type StoreReport, type StoreSpec, storePorts } from "../runtime.ts";
import type { StoreServer } from "../store.ts";
import { valkeyFigures } from "./figures.ts";
import { runtimeSettings, SERVICE_USER, settingsText, userRules, usersText } from "./settings.ts";

const STOP_GRACE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** See the file's comment. */
export class ValkeyServer implements StoreServer {
  readonly programs: readonly string[];
  private readonly files;
  private readonly process: SupervisedProcess;
  /** The configuration that the process was started with, or has taken up since. */
  private current = "";

  /** @param directory The store's own folder; what it has from an earlier run is gone on with. */
  constructor(directory: string, { program, environment }: DebianProgram) {
    const file = (name: string) => path.join(directory, name);
    this.files = {
      data: file("data"),
      password: file("service-password"),
      settings: file("valkey.conf"),
      users: file("users.acl"),
      certificate: file("server.crt"),
      key: file("server.key"),
      served: file("served"),
    };
    this.programs = [program];
    this.process = new SupervisedProcess({
      name: path.basename(program),
      command: unprivileged(program, [this.files.settings], environment),
      workingDirectory: directory,
      logFile: file("valkey.log"),
    });
  }

  get running(): StoreReport["processes"] {
    return this.process.running;
  }

  get trouble(): readonly string[] {
    return this.process.trouble === undefined ? [] : [this.process.trouble];
  }

  hasServed(): boolean {
    return existsSync(this.files.served);
  }

  async apply(spec: StoreSpec, signal: AbortSignal): Promise<void> {
    const { files } = this;
    if (!existsSync(files.password)) replaceFile(files.password, randomBytes(24).toString("base64url"));
    const password = readFileSync(files.password, "utf8");
    await ensureCertificate(spec, files);
    await mkdir(files.data, { recursive: true, mode: 0o700 });
    if (serverOwner !== undefined) chownSync(files.data, serverOwner, serverOwner);
    const users = userRules(spec, password);
    replaceFile(files.users, usersText(users));
    const wanted = settingsText(spec, files);
    replaceFile(files.settings, wanted);
    const hope = hopeOf(this.process, signal);
    try {
      this.process.start();
      await whenReachable(() => this.takeUp(spec, password, users), isPassing, hope);
    } catch (error) {
      if (!this.hasServed()) await this.stop();
      throw error;
    }
    if (this.current !== "" && startsAnew(this.current, wanted)) {
      await this.stop();
      this.process.start();
      await whenReachable(() => this.takeUp(spec, password, users), isPassing, hope);
    }
    this.current = wanted;
    if (!this.hasServed()) replaceFile(files.served, "");
  }

  async figures(spec: StoreSpec): Promise<readonly Figure[]> {
    const password = readFileSync(this.files.password, "utf8");
    return valkeyFigures(await this.asService(spec, password, (client) => client.info()));
  }

  async stop(): Promise<void> {
    await this.process.stop(STOP_GRACE_MS);
  }

  /** Lets the server take up settings and users as it runs. */
  private async takeUp(
    spec: StoreSpec,
    password: string,
    users: ReturnType<typeof userRules>,
  ): Promise<void> {
    await this.asService(spec, password, async (client) => {
      for (const [name, value] of runtimeSettings(spec)) await client.config("SET", name, value);
      // One by one: reading the file again would send away the clients of all users but the first.
      for (const [name, rules] of users) await client.acl("SETUSER", name, "reset", ...rules);
      const gone = (await client.acl("USERS")).filter((name) => !users.has(name));
      if (gone.length > 0) await client.acl("DELUSER", ...gone);
    });
  }

  /** Does something as the service's own user. */
  private async asService<T>(
    spec: StoreSpec,
    password: string,
    work: (client: Valkey) => Promise<T>,
  ): Promise<T> {
    const client = new Valkey({
      host: spec.place.serverHost,
      port: storePorts.valkey,
      username: SERVICE_USER,
      password,
      tls: { ca: spec.authority.certificate },
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    // What is under way rejects; the event is told besides.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      client.disconnect();
    }
  }
}

/** Whether something differs that the server reads only when it starts. */
function startsAnew(before: string, after: string): boolean {
  const fixed = (text: string) => text.split("\n").filter((line) => /^(databases|io-threads) /.test(line));
  return fixed(before).join() !== fixed(after).join();
}

/** It is starting, loading its data, or gone for the moment. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    ["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(code) ||
    /LOADING|Connection is closed|ECONNREFUSED|ECONNRESET|max retries/i.test(error.message)
  );
}
