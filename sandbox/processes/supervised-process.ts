/** A program that is kept running: started again with backoff when it dies, ended with its parent. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 10_000;
/** A program that ran this long is healthy: its next death starts the backoff anew. */
const HEALTHY_AFTER_MS = 30_000;
const LARGEST_LOG_BYTES = 4 * 1024 * 1024;
const LOG_TAIL_LINES = 8;

/** One program to run. */
export interface Command {
  program: string;
  args: string[];
  env: Record<string, string>;
  /** Options of `setpriv` under which it runs, e.g. as another user. Default: as this process. */
  privileges?: readonly string[];
}

export interface SupervisedProcessOptions {
  /** For people, e.g. `kube-apiserver`. */
  name: string;
  command: Command;
  workingDirectory: string;
  /** Standard output and error are appended here; a log grown large is moved to `<file>.old` at a start. */
  logFile: string;
  /** Asks it to end. Default: SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** Called after every death that was not asked for. */
  onDeath?: () => void;
}

/** A process that runs, for reports. */
export interface RunningProcess {
  name: string;
  pid: number;
  restarts: number;
}

/** See the file's comment. Not started until {@link SupervisedProcess.start}. */
export class SupervisedProcess {
  readonly name: string;
  private readonly options: SupervisedProcessOptions;
  private child: ChildProcess | undefined;
  private wanted = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private restartTimer: NodeJS.Timeout | undefined;
  private lastExit = "was never started";
  /** How often it was started again after dying. */
  restarts = 0;

  constructor(options: SupervisedProcessOptions) {
    this.name = options.name;
    this.options = options;
  }

  /** For reports: what runs, which is nothing while it is down. */
  get running(): RunningProcess[] {
    const { name, restarts } = this;
    const pid = this.child?.pid;
    return pid === undefined ? [] : [{ name, pid, restarts }];
  }

  /** Whether it was started and not stopped since: then it runs, or is started again. */
  get isStarted(): boolean {
    return this.wanted;
  }

  /** Starts the program and keeps it running until {@link stop}. */
  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.backoffMs = FIRST_BACKOFF_MS;
    this.launch();
  }

  /**
   * Ends the program and does not start it again.
   * @param graceMs how long it may take after it was asked before it is killed; 0 kills at once
   */
  async stop(graceMs: number): Promise<void> {
    this.wanted = false;
    clearTimeout(this.restartTimer);
    const child = this.child;
    if (child === undefined) return;
    const gone = once(child, "close");
    if (graceMs > 0) {
      child.kill(this.options.stopSignal ?? "SIGTERM");
      const grace = new AbortController();
      await Promise.race([gone, delay(graceMs, undefined, { signal: grace.signal })]);
      grace.abort();
    }
    if (this.child === child) child.kill("SIGKILL");
    await gone;
  }

  /** What happened to it, while it is waiting to be started again. */
  get trouble(): string | undefined {
    return this.wanted && this.child === undefined
      ? `${this.name} ${this.lastExit} and is started again`
      : undefined;
  }

  /** Why it ended last, with the end of its log: for an error message. */
  describeFailure(): string {
    return `${this.name} ${this.lastExit}.\n${logTail(this.options.logFile)}`;
  }

  private launch(): void {
    const { command, workingDirectory, logFile, onDeath } = this.options;
    const [program, args] = endWithParent(command);
    rotate(logFile);
    const log = openSync(logFile, "a", 0o600);
    const startedAt = Date.now();
    const child = spawn(program, args, {
      cwd: workingDirectory,
      env: { PATH: process.env.PATH, HOME: workingDirectory, ...command.env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.child = child;
    child.once("error", (error) => {
      this.lastExit = `could not be started: ${error.message}`;
    });
    child.once("exit", (code, signal) => {
      this.lastExit = `ended with ${signal === null ? `status ${code}` : `signal ${signal}`}`;
    });
    child.once("close", () => {
      this.child = undefined;
      if (!this.wanted) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) this.backoffMs = FIRST_BACKOFF_MS;
      this.restartTimer = setTimeout(() => this.launch(), this.backoffMs);
      this.backoffMs = Math.min(this.backoffMs * 2, LONGEST_BACKOFF_MS);
      this.restarts += 1;
      onDeath?.();
    });
  }
}

let canEndWithParent: boolean | undefined;

/** Where util-linux offers it, the kernel kills the program when this process dies, however it dies. */
function endWithParent({ program, args, privileges = [] }: Command): [string, string[]] {
  canEndWithParent ??= spawnSync("setpriv", ["--pdeathsig", "KILL", "true"]).status === 0;
  return underSetpriv([...(canEndWithParent ? ["--pdeathsig", "KILL"] : []), ...privileges], program, args);
}

/** What to call so that a program runs under these options of `setpriv`: the program itself when there are none. */
export function underSetpriv(
  options: readonly string[],
  program: string,
  args: readonly string[],
): [program: string, args: string[]] {
  return options.length === 0 ? [program, [...args]] : ["setpriv", [...options, program, ...args]];
}

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_LOG_BYTES) renameSync(logFile, `${logFile}.old`);
}

function logTail(logFile: string): string {
  try {
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES);
    return [...lines, `(from ${path.basename(logFile)} in ${path.dirname(logFile)})`].join("\n");
  } catch {
    return "It left no log.";
  }
}
