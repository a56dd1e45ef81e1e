import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { alertmanagerConfiguration } from "../../../components/alertmanager/configuration.ts";
import { messageTemplates, templatesFile } from "../../../components/alertmanager/messages.ts";
import { type Receivers, secretFiles } from "../../../components/alertmanager/receivers.ts";

/** What a program says. */
export interface Verdict {
  readonly accepted: boolean;
  readonly output: string;
}

/** Files of a configuration, in a folder of their own. */
export interface ConfigurationFiles {
  readonly file: string;
  readonly folder: string;
  [Symbol.dispose](): void;
}

async function versionOf(program: string): Promise<string | undefined> {
  const { stdout, stderr, failed } = await execa(program, ["--version"], { reject: false });
  return failed ? undefined : `${stdout}${stderr}`;
}

/** The first of a program's names that is installed; undefined when none is. */
export async function installedProgram(...names: string[]): Promise<string | undefined> {
  for (const name of names) {
    if ((await versionOf(name)) !== undefined) return name;
  }
  return undefined;
}

const amtoolVersion = await versionOf("amtool");

/** Whether amtool is installed. */
export const amtoolIsHere = amtoolVersion !== undefined;
if (!amtoolIsHere) {
  process.stderr.write("NOT RUN: amtool is not installed, so nobody judges who is told of which alert\n");
}

/** Debian's Alertmanager reads a webhook's address from the configuration alone; the one that we run, from a file. */
const knowsUrlFiles = amtoolVersion !== undefined && !/version 0\.2[0-5]\./.test(amtoolVersion);

/** What of the configuration Debian's Alertmanager understands: all, but where the sign of life goes. */
export function understandable(configuration: string, heartbeatUrl: string): string {
  return knowsUrlFiles
    ? configuration
    : configuration.replaceAll(/url_file: \S+heartbeat-url$/gm, `url: ${heartbeatUrl}`);
}

/**
 * Writes configuration and templates as the pod has them.
 *
 * @param change what is to be another in the test
 */
export function writeConfiguration(
  receivers: Receivers,
  change: (configuration: string) => string = (configuration) => configuration,
  secrets: { readonly [Way in keyof typeof secretFiles]?: string } = {},
): ConfigurationFiles {
  const folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
  const folders = { configuration: folder, secrets: join(folder, "secrets") };
  mkdirSync(folders.secrets);
  for (const [way, file] of Object.entries(secretFiles)) {
    writeFileSync(join(folders.secrets, file), secrets[way as keyof typeof secretFiles] ?? "");
  }
  const file = join(folder, "alertmanager.yml");
  const configuration = alertmanagerConfiguration(receivers, folders);
  const heartbeatUrl = secrets.heartbeat ?? "https://heartbeat.example.com";
  writeFileSync(file, change(understandable(configuration, heartbeatUrl)));
  writeFileSync(join(folder, templatesFile), messageTemplates);
  return {
    file,
    folder,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What `amtool` says. */
export async function askAmtool(...command: string[]): Promise<Verdict> {
  const { exitCode, all } = await execa("amtool", command, { all: true, reject: false });
  return { accepted: exitCode === 0, output: all };
}

/** Names of the receivers that an alert with these labels goes to, in the order of their routes. */
export async function receiversOf(file: string, labels: Readonly<Record<string, string>>): Promise<string[]> {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  const command = ["config", "routes", "test", `--config.file=${file}`, ...pairs];
  const { stdout } = await execa("amtool", command);
  return stdout.trim().split(",");
}
