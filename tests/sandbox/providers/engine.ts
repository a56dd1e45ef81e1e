import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  type PulumiFn,
  type Stack,
  type UpdateSummary,
} from "@pulumi/pulumi/automation/index.js";
import { leanSdk } from "../../../platform/engine/lean-sdk.ts";
import { quietHome } from "../../../platform/engine/quiet-home.ts";
import { ensureEngine } from "../../../toolchain/engine.ts";

/** A stack of the real engine in a scratch folder, with stand-ins attached in place of plugins. */
export interface EngineStack {
  /** Its operations give a summary, and no outputs: see {@link outputs}. */
  readonly stack: Stack;
  /** The program's, as they were last recorded, secrets in clear. */
  outputs(): Promise<OutputMap>;
  /** The events of the last operation that was given `onEvent`. */
  readonly events: EngineEvent[];
  readonly onEvent: (event: EngineEvent) => void;
  /** The state as it lies on disk: what is secret in it is encrypted. */
  readState(): Promise<string>;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** Opens a fresh stack whose `providers` (name -> port) are served already. Each call has a backend of its own. */
export async function openStack(
  program: PulumiFn,
  providers: Readonly<Record<string, number>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<EngineStack> {
  leanSdk();
  const { pulumiPath } = await ensureEngine({});
  // The Automation API asks for the engine's version with this process's own PATH.
  if (!process.env.PATH?.startsWith(dirname(pulumiPath))) {
    process.env.PATH = `${dirname(pulumiPath)}${delimiter}${process.env.PATH ?? ""}`;
  }
  const directory = await mkdtemp(join(tmpdir(), "stand-in-"));
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "dev", projectName: "stand-ins", program },
    {
      workDir: directory,
      projectSettings: { name: "stand-ins", runtime: "nodejs", backend: { url: `file://${directory}` } },
      envVars: {
        PULUMI_HOME: quietHome(join(directory, "home"), {}),
        PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: Object.entries(providers)
          .map(([name, port]) => `${name}:${port}`)
          .join(","),
        ...environment,
      },
    },
  );
  const events: EngineEvent[] = [];
  return {
    // After each operation the Automation API would run the command line for outputs and history, three times in all.
    stack: Object.create(stack, {
      outputs: { value: async () => ({}) },
      info: { value: () => lastUpdate(join(directory, ".pulumi", "history", "stand-ins", "dev")) },
    }),
    outputs: () => stack.outputs(),
    events,
    onEvent: (event) => {
      events.push(event);
    },
    readState: () => readFile(join(directory, ".pulumi", "stacks", "stand-ins", "dev.json"), "utf8"),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The summary of the last operation, as the backend has written it down. */
async function lastUpdate(history: string): Promise<UpdateSummary> {
  const updates = (await readdir(history)).filter((file) => file.endsWith(".history.json")).sort();
  return JSON.parse(await readFile(join(history, updates.at(-1) ?? ""), "utf8"));
}
