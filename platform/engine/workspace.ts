import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Project } from "../environment/project.ts";
import type { EnvironmentFile } from "../environment/settings.ts";
import { type EngineCommandOptions, engineCommand, runEngine } from "./command.ts";
import { withEventLog } from "./event-log.ts";
import { writePolicyHost } from "./policy-host.ts";
import { withSealedState } from "./sealed-state.ts";

/** What it takes to open an environment's stack. */
interface WorkspaceOptions extends EngineCommandOptions {
  readonly project: Project;
  readonly environment: EnvironmentFile;
  /** Scratch folder of the environment: what the engine writes into its settings stays here. */
  readonly workFolder: string;
  /** Variables for the engine and its plugins, on top of the process's own. */
  readonly envVars: Readonly<Record<string, string>>;
  readonly program: PulumiFn;
}

/**
 * Opens an environment's stack, which is created when it does not exist, with the program to be run in this process.
 */
export async function openStack(options: WorkspaceOptions): Promise<Stack> {
  const { project, environment, workFolder, program } = options;
  writeSettings(workFolder, project, environment);
  const programs = join(workFolder, "bin");
  mkdirSync(programs, { recursive: true });
  writePolicyHost(programs);
  const envVars = {
    ...options.envVars,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${process.env.PATH ?? ""}:${programs}`,
  };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: environment.environment, projectName: project.settings.name, program },
    { workDir: workFolder, pulumiCommand: engineCommand(options), envVars },
  );
  const run = (args: readonly string[]) => runEngine(options, args, workFolder, envVars);
  return withEventLog(withSealedState(stack, run), workFolder);
}

const savedSchema = z.looseObject({ encryptionsalt: z.string().optional() });

/**
 * Copies the committed settings; a salt that the engine wrote into the copy of an earlier run is kept. The salt that
 * `pulumi` by hand writes into the checkout's file counts only where that file holds values encrypted with it: it is
 * of the passphrase used then, which another sandbox does not know.
 */
function writeSettings(workFolder: string, project: Project, environment: EnvironmentFile): void {
  const { main: _main, ...settings } = project.settings;
  write(join(workFolder, "Pulumi.yaml"), { ...settings, runtime: "nodejs" });
  const file = join(workFolder, `Pulumi.${environment.environment}.yaml`);
  const saved = existsSync(file) ? savedSchema.safeParse(parse(readFileSync(file, "utf8"))) : undefined;
  const salt = saved?.data?.encryptionsalt;
  const { encryptionsalt: given, ...content } = environment.content;
  const kept = environment.encrypted ? given : salt;
  write(file, { ...content, ...(kept === undefined ? {} : { encryptionsalt: kept }) });
}

function write(file: string, content: unknown): void {
  writeFileSync(file, stringify(content), { mode: 0o600 });
}
