import { rmSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { EnvironmentConfig } from "../infra/config/index.ts";
import { SandboxClient } from "../sandbox/daemon/client.ts";
import { startSandbox } from "../sandbox/daemon/lifecycle.ts";
import { tryLock } from "../sandbox/daemon/process-lock.ts";
import { type RunningRecord, runningRecord } from "../sandbox/daemon/record.ts";
import { claimHome, makePrivate, type PlatformHome, platformHome } from "../sandbox/home.ts";
import { type Engine, ensureEngine } from "../toolchain/engine.ts";
import { ensureToolchain, fetchDatabaseServers } from "../toolchain/toolchain.ts";
import { pluginChoice, standIns, vendorPluginFound } from "./engine/plugins.ts";
import { ProgramFailures } from "./engine/program-failures.ts";
import { quietHome } from "./engine/quiet-home.ts";
import { runRecord } from "./engine/run-record.ts";
import { openStack } from "./engine/workspace.ts";
import { requireBackend } from "./environment/backend.ts";
import { requireCloud } from "./environment/cloud.ts";
import { tellClusterFaults } from "./environment/cluster-faults.ts";
import { requireCredentials } from "./environment/credentials.ts";
import { requireWayIn } from "./environment/deployer.ts";
import { openProject, type Project } from "./environment/project.ts";
import { ensurePassphrase, sandboxEnv } from "./environment/sandbox-env.ts";
import { openSecrets } from "./environment/secrets.ts";
import { readEnvironment } from "./environment/settings.ts";
import { failure } from "./exit.ts";
import { type Interruption, takeSignals } from "./interruption.ts";
import { cloudApi } from "./repair/cloud-api.ts";
import { type Journal, openJournal } from "./repair/journal.ts";
import { type RepairOptions, repair } from "./repair/repair.ts";
import type { StackState } from "./repair/state.ts";
import type { Output } from "./report/output.ts";
import { understandable } from "./understandable.ts";

/** Flags that every verb on an environment takes. */
export interface VerbOptions {
  /** Into the sandbox instead of DigitalOcean. */
  readonly sandbox: boolean;
  readonly json: boolean;
  /** Answers what would be asked. */
  readonly yes: boolean;
}

/** One verb at work on one environment: everything it needs, ready. */
export interface Session {
  readonly environment: string;
  readonly options: VerbOptions;
  /** What its file says, judged. */
  readonly settings: EnvironmentConfig;
  readonly output: Output;
  readonly home: PlatformHome;
  /** Scratch folder of the environment. */
  readonly workFolder: string;
  readonly project: Project;
  readonly stack: Stack;
  readonly interruption: Interruption;
  /** What the program threw when the engine last ran it. */
  readonly programFailures: ProgramFailures;
  /** To be told of the events of whatever changes something: it remembers the creates that failed. */
  readonly journal: Journal;
  /** Puts right what a killed run left. To be called before anything that plans or changes. */
  repair(): Promise<StackState>;
}

/**
 * Opens an environment, does something with it, and closes it: configuration judged, nobody else at work on it, the
 * toolchain and the sandbox there, the stack open.
 *
 * @throws PlatformError when it cannot be opened.
 */
export async function withSession<T>(
  environment: string,
  options: VerbOptions,
  output: Output,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  process.umask(0o077);
  const home = platformHome();
  const project = openProject();
  const file = await readEnvironment(project, environment);
  // The environment is judged before anything starts.
  if (options.sandbox) pluginChoice(process.env);
  else {
    requireCloud(process.env, home);
    requireCredentials(process.env);
    requireWayIn(file.settings, { env: process.env, interfaces: networkInterfaces() });
  }
  const config = options.sandbox ? await openSecrets(file, process.env) : undefined;
  const backend = options.sandbox ? {} : await requireBackend(project.settings, file, process.env);
  const workFolder = options.sandbox ? home.workOf(environment) : home.cloudWorkOf(environment);
  const lock = lockEnvironment(environment, home, workFolder);
  const interruption = takeSignals(output);
  try {
    const target = await openTarget(options, { home, workFolder, output });
    const runs = runRecord(workFolder);
    const journal = openJournal(workFolder);
    const programFailures = new ProgramFailures();
    const stack = await openStack({
      project,
      environment: file,
      own: options.sandbox ? { passphrase: ensurePassphrase(home.passphrase), config } : undefined,
      workFolder,
      envVars: { ...backend, ...target.envVars },
      engine: target.engine,
      outputFolder: emptied(join(workFolder, "output")),
      program: programFailures.watch(project.program),
      onStart: runs.note,
      onProgramFailure: programFailures.note,
      interrupt: interruption.interrupt,
      kill: interruption.kill,
    });
    const result = await work({
      environment,
      options,
      settings: file.settings,
      output,
      home,
      workFolder,
      project,
      stack,
      interruption,
      programFailures,
      journal,
      repair: () => repairStack({ stack, runs, journal, onProgress: output.say }, target),
    });
    runs.clear();
    return result;
  } catch (error) {
    throw understandable(error, { environment, home, interrupted: interruption.interrupt.aborted });
  } finally {
    interruption.stop();
    lock.release();
  }
}

/** A killed run leaves files that nobody reads. */
function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

/** Where a deployment goes, and with what. */
interface Target {
  readonly engine: Engine;
  readonly envVars: Readonly<Record<string, string>>;
  readonly record: RunningRecord | undefined;
}

const openTarget = (
  options: VerbOptions,
  parts: Pick<Session, "home" | "workFolder" | "output">,
): Promise<Target> => (options.sandbox ? sandboxTarget(parts) : cloudTarget(parts.output));

async function cloudTarget(output: Output): Promise<Target> {
  return { engine: await ensureEngine({ onProgress: output.say }), envVars: {}, record: undefined };
}

async function sandboxTarget({
  home,
  workFolder,
  output,
}: Pick<Session, "home" | "workFolder" | "output">): Promise<Target> {
  const onProgress = output.say;
  const [{ engine }] = await Promise.all([
    ensureToolchain({ onProgress }),
    // Else the daemon would fetch them once the rest is built.
    runningRecord(home.sandboxRecord) === undefined ? fetchDatabaseServers({ onProgress }) : [],
  ]);
  const record = await startSandbox(home, { onProgress });
  await tellClusterFaults(new SandboxClient(record), onProgress);
  const found = standIns(pluginChoice(process.env), (provider) =>
    vendorPluginFound(provider, engine.pulumiPath, process.env),
  );
  makePrivate(home.state);
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...reach } = sandboxEnv({ record, home, standIns: found });
  const envVars = {
    ...reach,
    // A passphrase in the operator's environment would win over the file's.
    PULUMI_CONFIG_PASSPHRASE: ensurePassphrase(home.passphrase),
    // Without stand-ins the engine fetches the plugins that it lacks, into the operator's own.
    ...(found.length === 0 ? {} : { PULUMI_HOME: quietHome(join(workFolder, "home"), process.env) }),
  };
  return { engine, record, envVars };
}

function lockEnvironment(environment: string, home: PlatformHome, workFolder: string): { release(): void } {
  claimHome(home);
  makePrivate(workFolder);
  const attempt = tryLock(join(workFolder, "lock"));
  if ("held" in attempt) return attempt.held;
  throw failure(
    `${environment} is being worked on by process ${attempt.holder.pid}, another "platform" of this checkout.\n` +
      "Wait until it is done, or interrupt it; a killed one is recognised and repaired.",
  );
}

async function repairStack(
  parts: Pick<RepairOptions, "stack" | "runs" | "journal" | "onProgress">,
  { record, envVars }: Target,
): Promise<StackState> {
  const client = record === undefined ? undefined : new SandboxClient(record);
  const env = { ...process.env, ...envVars };
  return repair({
    ...parts,
    api: cloudApi({
      url: env.DIGITALOCEAN_API_URL || "https://api.digitalocean.com",
      token: env.DIGITALOCEAN_TOKEN || env.DIGITALOCEAN_ACCESS_TOKEN || "",
      spacesUrl: (region) =>
        record === undefined
          ? `https://${region}.digitaloceanspaces.com`
          : `http://127.0.0.1:${record.ports.spaces}`,
      spacesAccessKeyId: env.SPACES_ACCESS_KEY_ID ?? "",
      spacesSecretAccessKey: env.SPACES_SECRET_ACCESS_KEY ?? "",
    }),
    callsInFlight: async () => (await client?.callsInFlight()) ?? [],
  });
}
