import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  CommandError,
  ConcurrentUpdateError,
  PulumiCommand,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import semver from "semver";
import { identityOf, type ProcessIdentity } from "../../sandbox/daemon/process.ts";
import type { Engine } from "../../toolchain/engine.ts";
import { killSession } from "./session.ts";

/** How the engine is run, and who is told of it. */
export interface EngineCommandOptions {
  readonly engine: Engine;
  /** What the engine prints goes into files here, which are deleted when it is done. */
  readonly outputFolder: string;
  /** Told of every engine process that may change something, so that a later run can find it. */
  readonly onStart: (engine: ProcessIdentity) => void;
  /** Told of what a promise of the program, which runs in this process, was rejected with while nobody awaited it. */
  readonly onProgramFailure: (reason: unknown) => void;
  /** When aborted, the engine is asked to finish what it has begun, record it, and end. */
  readonly interrupt: AbortSignal;
  /** When aborted, the engine and its plugins are ended at once. */
  readonly kill: AbortSignal;
}

/** What a run of the engine's command line printed. */
export interface CommandOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/**
 * How long the engine may go on after the program, which runs in this process, left a promise rejected: long enough to
 * be told of its other failures. What waits for that promise waits for ever, and so would the engine.
 */
const programFailurePatienceMs = 2_000;

/** The commands that change something, or hold a lock. */
const operations = ["up", "destroy", "refresh", "preview", "import"];

/**
 * The engine's command line, as the Automation API calls it, but run so that nothing is lost when somebody is killed:
 *
 * - in a session of its own, so that a terminal's Ctrl-C reaches this command alone, which passes it on once: the
 *   engine takes a second interrupt for an order to drop what it is doing;
 * - with its output in a file, since an engine that writes into the pipe of a killed command dies of it;
 * - with an interrupt from the kernel when this command dies, so that it finishes, records and gives back its lock.
 */
export function engineCommand(options: EngineCommandOptions): PulumiCommand {
  const command: PulumiCommand = Object.create(PulumiCommand.prototype, {
    command: { value: options.engine.pulumiPath },
    version: { value: semver.parse(options.engine.version) },
    run: {
      value: (args: string[], cwd: string, env: Record<string, string>) => runEngine(options, args, cwd, env),
    },
  });
  return command;
}

/**
 * Runs the engine's command line to its end.
 *
 * @throws CommandError, of the class that the Automation API would throw, when it fails.
 */
export async function runEngine(
  options: EngineCommandOptions,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<CommandOutcome> {
  const folder = join(options.outputFolder, randomUUID());
  mkdirSync(folder, { recursive: true });
  const files = { stdout: join(folder, "stdout"), stderr: join(folder, "stderr") };
  const program = options.engine.pulumiPath;
  const [launcher, ...launcherArgs] = [...interruptedWithParent(), program];
  const stdout = openSync(files.stdout, "a", 0o600);
  const stderr = openSync(files.stderr, "a", 0o600);
  try {
    const path = env.PATH ?? process.env.PATH ?? "";
    const child = spawn(launcher ?? program, [...launcherArgs, ...args, "--non-interactive"], {
      cwd,
      detached: true,
      stdio: ["ignore", stdout, stderr],
      env: {
        ...process.env,
        ...env,
        PATH: `${dirname(program)}:${path}`,
        PULUMI_AUTOMATION_API: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // It writes the whole state after every step: collecting that garbage half as often saves it a tenth of its
        // processor time, for 45 MiB.
        GOGC: process.env.GOGC ?? "200",
      },
    });
    const isOperation = operations.includes(args[0] ?? "");
    const identity = child.pid === undefined ? undefined : identityOf(child.pid);
    if (isOperation && identity !== undefined) options.onStart(identity);
    const code = await settle(child, options);
    const outcome = {
      stdout: readFileSync(files.stdout, "utf8"),
      stderr: readFileSync(files.stderr, "utf8"),
      code,
    };
    if (code !== 0) throw commandError(outcome, args);
    return outcome;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Exit code of the child, whatever it takes; nothing of its session outlives it. A signal counts as -1. */
async function settle(child: ChildProcess, options: EngineCommandOptions): Promise<number> {
  const { pid } = child;
  const { interrupt, kill } = options;
  let interrupted = false;
  const onInterrupt = () => {
    // The engine takes a second interrupt for an order to drop what it is doing.
    if (!interrupted) child.kill("SIGINT");
    interrupted = true;
  };
  let patience: NodeJS.Timeout | undefined;
  const onProgramFailure = (reason: unknown) => {
    options.onProgramFailure(reason);
    patience ??= setTimeout(onInterrupt, programFailurePatienceMs);
  };
  const onKill = () => {
    if (pid !== undefined) killSession(pid);
  };
  interrupt.addEventListener("abort", onInterrupt, { once: true });
  kill.addEventListener("abort", onKill, { once: true });
  process.on("unhandledRejection", onProgramFailure);
  if (kill.aborted) onKill();
  else if (interrupt.aborted) onInterrupt();
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? -1));
    });
  } finally {
    clearTimeout(patience);
    process.off("unhandledRejection", onProgramFailure);
    interrupt.removeEventListener("abort", onInterrupt);
    kill.removeEventListener("abort", onKill);
    if (pid !== undefined) killSession(pid);
  }
}

/** The error classes that the Automation API itself would throw; it decides by some of them. */
function commandError({ stdout, stderr, code }: CommandOutcome, args: readonly string[]): CommandError {
  const text = [`pulumi ${args[0]} ended with ${code === -1 ? "a signal" : `status ${code}`}`, stderr, stdout]
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n");
  if (/no stack named.*found/.test(stderr)) return new StackNotFoundError(text);
  if (/the stack is currently locked by|\[409\] Conflict/.test(stderr))
    return new ConcurrentUpdateError(text);
  return new CommandError(text);
}

let launcherPrefix: readonly string[] | undefined;

/** What to put before a command so that the kernel interrupts it when its parent dies: Linux, with util-linux. */
function interruptedWithParent(): readonly string[] {
  launcherPrefix ??= supportsParentDeathSignal() ? ["setpriv", "--pdeathsig", "INT", "--"] : [];
  return launcherPrefix;
}

function supportsParentDeathSignal(): boolean {
  if (process.platform !== "linux") return false;
  try {
    execFileSync("setpriv", ["--pdeathsig", "INT", "--", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
