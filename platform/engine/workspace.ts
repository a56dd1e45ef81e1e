import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Project } from "../environment/project.ts";
import { type Config, sealSecrets } from "../environment/secrets.ts";
import type { EnvironmentFile } from "../environment/settings.ts";
import { type EngineCommandOptions, engineCommand, runEngine } from "./command.ts";
import { withEventLog } from "./event-log.ts";
import { leanSdk } from "./lean-sdk.ts";
import { newCrypter, openCrypter } from "./passphrase.ts";
import { writePolicyHost } from "./policy-host.ts";
import { withSealedState } from "./sealed-state.ts";

/**
 * The sandbox's state is encrypted with the sandbox's passphrase, and Pulumi knows one passphrase a stack: the secrets
 * of the committed file are encrypted anew for the private copy of it.
 */
interface OwnEncryption {
  readonly passphrase: string;
  /** The committed configuration with its secrets in the clear; nothing when it has none. */
  readonly config: Config | undefined;
}

/** What it takes to open an environment's stack. */
interface WorkspaceOptions extends EngineCommandOptions {
  readonly project: Project;
  readonly environment: EnvironmentFile;
  /** In the sandbox, what encrypts there; nothing for DigitalOcean, where the operator's passphrase does. */
  readonly own: OwnEncryption | undefined;
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
  const { environment, project, workFolder, program } = options;
  leanSdk();
  await writeSettings(options);
  const programs = join(workFolder, "bin");
  mkdirSync(programs, { recursive: true });
  writePolicyHost(programs);
  const envVars = {
    ...options.envVars,
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

/** Writes the project's settings into a folder for the engine to stand in: the program is not there, but in this process. */
export function writeProject(folder: string, { settings }: Project): void {
  const { main: _main, ...rest } = settings;
  write(join(folder, "Pulumi.yaml"), { ...rest, runtime: "nodejs" });
}

/** Copies the committed settings into the scratch folder, so that the engine never writes into the committed ones. */
async function writeSettings({ workFolder, project, environment, own }: WorkspaceOptions): Promise<void> {
  writeProject(workFolder, project);
  const file = join(workFolder, `Pulumi.${environment.environment}.yaml`);
  const saved = existsSync(file) ? savedSchema.safeParse(parse(readFileSync(file, "utf8"))) : undefined;
  const salt = saved?.data?.encryptionsalt;
  write(
    file,
    own === undefined ? cloudSettings(environment, salt) : await sandboxSettings(environment, own, salt),
  );
}

/**
 * The committed settings, with the salt that the engine wrote into the copy of an earlier run. The one that `pulumi` by
 * hand writes into the checkout's file counts only where that file holds values encrypted with it: it is of the
 * passphrase used then, which may have been a sandbox's.
 */
function cloudSettings({ content, encrypted }: EnvironmentFile, saved: string | undefined): object {
  const { encryptionsalt: given, ...rest } = content;
  return withSalt(rest, encrypted ? given : saved);
}

/** The committed settings as this sandbox's own passphrase encrypts them, whoever encrypted the committed ones. */
async function sandboxSettings(
  { content }: EnvironmentFile,
  { passphrase, config }: OwnEncryption,
  saved: string | undefined,
): Promise<object> {
  const { encryptionsalt: _salt, encryptedkey: _key, secretsprovider: _provider, ...rest } = content;
  if (config === undefined) return withSalt(rest, saved);
  const known = saved === undefined ? undefined : await openCrypter(passphrase, saved);
  const crypter = known ?? (await newCrypter(passphrase));
  return withSalt({ ...rest, config: sealSecrets(config, crypter) }, crypter.salt);
}

const withSalt = (settings: object, salt: string | undefined): object =>
  salt === undefined ? settings : { ...settings, encryptionsalt: salt };

function write(file: string, content: unknown): void {
  writeFileSync(file, stringify(content), { mode: 0o600 });
}
