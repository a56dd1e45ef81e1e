import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll } from "vitest";
import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { resetSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { type RunningRecord, runningRecord } from "../../../sandbox/daemon/record.ts";
import { type PlatformHome, platformHome } from "../../../sandbox/home.ts";

const launcher = fileURLToPath(new URL("../../../platform/bin/platform.js", import.meta.url));

const launch = (env: Readonly<Record<string, string>>, args: readonly string[]) =>
  execa(process.execPath, [launcher, ...args], { env, reject: false, stdin: "ignore" });

/** The command, while it runs. Await it for its end. */
export type RunningCommand = ReturnType<typeof launch>;

/** What a run of the command printed, and how it ended. */
export interface Run {
  /** Exit status; undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `platform` command with a home of its own: a test's own sandbox, state and scratch folders. */
export interface TestPlatform {
  readonly home: PlatformHome;
  /** Runs the command to its end. Never throws: the exit status is part of what is tested. */
  run(...args: string[]): Promise<Run>;
  /** Starts the command, to be interrupted or killed. */
  start(...args: string[]): RunningCommand;
  /** Runs the command with `--json`, and reads what it prints. */
  json(...args: string[]): Promise<unknown>;
  /** The daemon that runs now. Throws when there is none. */
  record(): RunningRecord;
  /** The running sandbox's own controls. */
  client(): SandboxClient;
  /** What exists in the cloud, by kind. */
  inventory(): ReturnType<SandboxClient["inventory"]>;
  /** Stops the sandbox and deletes the home. To be called in `afterAll`. */
  cleanUp(): Promise<void>;
}

/**
 * A `platform` command for one test file. Starts nothing.
 *
 * @param env Variables for the command; `PLATFORM_PROJECT` gives it a small project (see `fixtureProject`).
 */
export function createTestPlatform(env: Readonly<Record<string, string>> = {}): TestPlatform {
  const home = platformHome({ PLATFORM_HOME: mkdtempSync(join(tmpdir(), "platform-test-")) });
  const running = new Set<RunningCommand>();
  const start = (...args: string[]) => {
    const child = launch(
      { PLATFORM_PLUGINS: "builtin", NO_COLOR: "1", ...env, PLATFORM_HOME: home.root },
      args,
    );
    running.add(child);
    void child.finally(() => running.delete(child));
    return child;
  };
  const run = async (...args: string[]): Promise<Run> => {
    const { exitCode, stdout, stderr } = await start(...args);
    return { status: exitCode, stdout, stderr };
  };
  const record = () => {
    const current = runningRecord(home.sandboxRecord);
    if (current === undefined) throw new Error("the sandbox of this test does not run");
    return current;
  };
  return {
    home,
    start,
    run,
    json: async (...args) => JSON.parse((await run(...args, "--json")).stdout),
    record,
    client: () => new SandboxClient(record()),
    inventory: () => new SandboxClient(record()).inventory(),
    cleanUp: async () => {
      for (const child of running) child.kill("SIGKILL");
      await Promise.all(running);
      await resetSandbox(home);
      rmSync(home.root, { recursive: true, force: true });
    },
  };
}

/**
 * The platform of a test file, on a project of its own, both there from the first test to the last, with a sandbox whose
 * things are ready at once.
 *
 * @param env Variables for the command. What is changed in them counts from the next command on.
 */
export function livePlatform(
  project: { readonly folder: string; cleanUp(): void },
  env: Record<string, string> = {},
): TestPlatform {
  env.PLATFORM_PROJECT = project.folder;
  const platform = createTestPlatform(env);
  beforeAll(async () => {
    await platform.run("sandbox", "start", "--latency-ms", "0");
  });
  afterAll(async () => {
    await platform.cleanUp();
    project.cleanUp();
  });
  return platform;
}

/** Every file below a folder. What goes meanwhile is none. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);

/**
 * Waits until something holds.
 *
 * @param what It, for the message when it does not come to hold.
 * @param holds Asked again and again; what it throws counts as no.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  timeoutMs = 240_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await Promise.resolve()
      .then(holds)
      .catch(() => false);
    if (answer) return;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
