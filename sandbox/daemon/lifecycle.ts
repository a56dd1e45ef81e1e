import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError } from "../error.ts";
import { claimHome, makePrivate, type PlatformHome } from "../home.ts";
import { SandboxClient } from "./client.ts";
import { type DaemonOptions, parseStartMessage } from "./messages.ts";
import { endProcess, isAlive, type ProcessIdentity } from "./process.ts";
import { lockHolder } from "./process-lock.ts";
import { type RunningRecord, readRecord, runningRecord } from "./record.ts";
import { clustersResumed } from "./resumed-clusters.ts";

/** How to start the sandbox. */
export interface StartOptions extends DaemonOptions {
  /** Told what is happening, one line at a time. */
  readonly onProgress?: (line: string) => void;
}

/** A daemon that was given its signal to end has this long to put everything away. */
const stopGraceMs = 20_000;

/**
 * Starts the sandbox and the clusters it has, or finds it running. Safe to call from several processes at once: one daemon serves them all.
 *
 * @throws SandboxError when it cannot start, or runs with other options than those asked for.
 */
export async function startSandbox(home: PlatformHome, options: StartOptions = {}): Promise<RunningRecord> {
  const { onProgress = () => undefined, ...daemonOptions } = options;
  claimHome(home);
  makePrivate(home.log);
  for (let isNew = false; ; isNew = true) {
    const running = runningRecord(home.sandboxRecord);
    if (running !== undefined) {
      checkOptions(running, daemonOptions);
      if (isNew) await clustersResumed(new SandboxClient(running), onProgress);
      return running;
    }
    const busy = await spawnDaemon(home, daemonOptions, onProgress);
    if (busy !== undefined) await waitForOther(home, busy);
  }
}

/**
 * Stops the sandbox and keeps its cloud: asks, waits, then insists.
 *
 * @returns Whether there was one to stop.
 */
export async function stopSandbox(home: PlatformHome): Promise<boolean> {
  const daemon = lockHolder(home.sandboxLock);
  if (daemon === undefined) return false;
  await endProcess(daemon, stopGraceMs);
  if (isAlive(daemon))
    throw new SandboxError(`The sandbox (process ${daemon.pid}) does not end, even when killed.`);
  return true;
}

/**
 * Stops the sandbox and forgets its cloud, its ports, its tokens and the state of the stacks deployed into it. The
 * passphrase stays: `pulumi` by hand leaves its salt in the environment's file, and takes no other while that is there.
 *
 * @throws SandboxError when the home holds anything that is not the platform's.
 */
export async function resetSandbox(home: PlatformHome): Promise<void> {
  claimHome(home);
  await stopSandbox(home);
  for (const path of [home.sandbox, home.state, home.work]) {
    rmSync(path, { recursive: true, force: true });
  }
}

function checkOptions(running: RunningRecord, wanted: DaemonOptions): void {
  const differences = [
    wanted.apiPort !== undefined && wanted.apiPort !== running.ports.api
      ? `on port ${running.ports.api}, not ${wanted.apiPort}`
      : undefined,
    wanted.latencyMs !== undefined && wanted.latencyMs !== running.latencyMs
      ? `with a latency of ${running.latencyMs} ms, not ${wanted.latencyMs}`
      : undefined,
  ].filter((difference) => difference !== undefined);
  if (differences.length === 0) return;
  throw new SandboxError(
    `The sandbox runs already (process ${running.daemon.pid}) ${differences.join(" and ")}.\n` +
      `Stop it first: "platform sandbox stop".`,
    { usage: true },
  );
}

/** Spawns a daemon and waits until it is ready. @returns Who is in its way, when another daemon was faster. */
async function spawnDaemon(
  home: PlatformHome,
  options: DaemonOptions,
  onProgress: (line: string) => void,
): Promise<ProcessIdentity | undefined> {
  const logFile = join(home.log, "daemon.log");
  const log = openSync(logFile, "a", 0o600);
  const daemon = fork(fileURLToPath(new URL("./start.js", import.meta.url)), {
    // Not what this process was started with: a loader that is named without its folder is not found from there.
    execArgv: [],
    cwd: home.root,
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    env: { ...process.env, PLATFORM_HOME: home.root, SANDBOX_OPTIONS: JSON.stringify(options) },
  });
  closeSync(log);
  try {
    return await firstVerdict(daemon, logFile, onProgress);
  } finally {
    if (daemon.connected) daemon.disconnect();
    daemon.unref();
  }
}

function firstVerdict(
  daemon: ChildProcess,
  logFile: string,
  onProgress: (line: string) => void,
): Promise<ProcessIdentity | undefined> {
  return new Promise((resolve, reject) => {
    daemon.on("message", (raw) => {
      const message = parseStartMessage(raw);
      if (message.kind === "progress") onProgress(message.line);
      if (message.kind === "ready") resolve(undefined);
      if (message.kind === "busy") resolve({ pid: message.pid, startTime: message.startTime });
      if (message.kind === "failed") reject(new SandboxError(message.message, { usage: message.usage }));
    });
    daemon.once("error", (cause) => reject(new SandboxError("The sandbox cannot be started.", { cause })));
    daemon.once("exit", (code, signalName) => reject(endedEarly(signalName ?? String(code), logFile)));
  });
}

/** The database is mapped into memory, so that a spoilt one is a fault of memory, which no code of ours comes to see. */
const memoryFaults = ["SIGBUS", "SIGSEGV"];

function endedEarly(how: string, logFile: string): SandboxError {
  const spoilt = memoryFaults.includes(how)
    ? '\nIts cloud\'s database is probably spoilt: start afresh, with an empty cloud, with "platform sandbox reset".'
    : "";
  return new SandboxError(`The sandbox ended while it started (${how}). Its log: ${logFile}${spoilt}`);
}

/** Waits until the other daemon has written its record, or is gone. */
async function waitForOther(home: PlatformHome, other: ProcessIdentity): Promise<void> {
  while (isAlive(other) && readRecord(home.sandboxRecord)?.daemon?.pid !== other.pid) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
