#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { parse } from "yaml";
import { z } from "zod";
import { filesFlags } from "../cli/files-flags.ts";
import { addExamples } from "../cli/helpers.ts";
import { reportError } from "../cli/report-error.ts";
import { usageError } from "../exit.ts";
import type { StackSettings } from "../gate/stack-context.ts";
import { createOutput } from "../report/output.ts";
import { type FilesOptions, runGateFiles } from "../verbs/gate-files.ts";

/** Flags, as the command-line library gives them. */
interface Flags extends FilesOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `whisper-policies`, which comes with the packed policies: what `platform gate` says of files, in any repository. */
const command = addExamples(
  new Command("whisper-policies")
    .description(
      "Asks the rules of the policy pack about manifests of Kubernetes or a state of Pulumi's, without engine and cloud.\nEnds with status 3 when a mandatory policy is violated.",
    )
    .exitOverride()
    .showHelpAfterError('(add "--help" for what can be asked)'),
  [
    "npx whisper-policies --manifests charts/rendered",
    "npx whisper-policies --state prod.json --config Pulumi.prod.yaml --sarif findings.sarif",
  ],
);
for (const flag of filesFlags()) command.addOption(flag);
command
  .addOption(
    new Option(
      "--config <file>",
      "the Pulumi.<stack>.yaml whose levels and exemptions count (default: none)",
    ),
  )
  .option("--json", "print the result as JSON on standard output")
  .action(async ({ config, json = false, ...options }: Flags) => {
    if (options.manifests === undefined && options.state === undefined)
      throw usageError("Say what is to be judged: --manifests <folder> or --state <file>.");
    const settings = config === undefined ? undefined : readSettings(config);
    process.exitCode = await runGateFiles(settings, options, createOutput(json));
  });

const settingsSchema = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

function readSettings(file: string): StackSettings {
  const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(basename(file))?.[1];
  if (stack === undefined) throw usageError(`${file} is not named as Pulumi names it: Pulumi.<stack>.yaml.`);
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const settings = settingsSchema.safeParse(content ?? {});
  if (!settings.success)
    throw usageError(`${file} is no configuration of a stack:\n${z.prettifyError(settings.error)}`);
  return { stack, config: settings.data.config };
}

try {
  await command.parseAsync();
} catch (error) {
  process.exitCode =
    error instanceof CommanderError && error.exitCode === 0 ? 0 : reportError(error, process.argv);
}
