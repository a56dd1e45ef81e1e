import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type EnvironmentConfig, parseEnvironmentConfig } from "../../infra/config/index.ts";
import { usageError } from "../exit.ts";
import type { Project } from "./project.ts";

/** What one `Pulumi.<environment>.yaml` holds. */
export interface EnvironmentFile {
  readonly environment: string;
  /** The file as it is, to be copied: unknown keys are Pulumi's affair. */
  readonly content: Readonly<z.infer<typeof fileSchema>>;
  /** Whether it holds values that a passphrase has encrypted. */
  readonly encrypted: boolean;
}

/** A file whose keys are sound. */
interface JudgedEnvironment extends EnvironmentFile {
  /** What it says to the program. */
  readonly settings: EnvironmentConfig;
}

const fileSchema = z.looseObject({
  config: z.record(z.string(), z.unknown()).default({}),
  encryptionsalt: z.string().optional(),
});

/**
 * The configuration of an environment, judged before anything is started.
 *
 * @throws PlatformError with exit status 2 and every fault at once, those that components find too.
 */
export async function readEnvironment(project: Project, environment: string): Promise<JudgedEnvironment> {
  const { folder, settings } = project;
  const file = join(folder, `Pulumi.${environment}.yaml`);
  if (!existsSync(file)) {
    throw usageError(
      `There is no environment "${environment}": ${folder} has no Pulumi.${environment}.yaml. ` +
        `Environments are ${environmentNames(folder).join(" and ")}; ` +
        '"Adding to it" in docs/architecture.md says how another is added.',
    );
  }
  const content = parseFile(file);
  const values = projectValues(content.config, settings.name, file);
  const judged = parseEnvironmentConfig(environment, values);
  if ("faults" in judged) {
    // Components are loaded for that alone.
    const { everythingWrong } = await import("../../infra/refusals.ts");
    const { text, refusals } = everythingWrong(environment, values, judged.faults);
    throw usageError(text, { faults: judged.faults, refusals });
  }
  return {
    environment,
    content,
    settings: judged.config,
    encrypted: Object.values(content.config).some(isEncrypted),
  };
}

/**
 * The values of the project's keys, without its namespace. As to the engine, a key without any is the project's.
 *
 * @throws PlatformError with exit status 2 when a key is there twice: the engine would take either, by chance.
 */
function projectValues(config: Readonly<Record<string, unknown>>, project: string, file: string) {
  const namespace = `${project}:`;
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (key.includes(":") && !key.startsWith(namespace)) continue;
    const name = key.startsWith(namespace) ? key.slice(namespace.length) : key;
    if (Object.hasOwn(values, name)) {
      throw usageError(
        `${file} has both "${name}" and "${namespace}${name}", which are one key: take one out.`,
      );
    }
    values[name] = value;
  }
  return values;
}

const isEncrypted = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ("secure" in value || Object.values(value).some(isEncrypted));

function environmentNames(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => /^Pulumi\.([\w-]+)\.yaml$/.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function parseFile(file: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(parse(readFileSync(file, "utf8")) ?? {});
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof Error
          ? error.message
          : String(error);
    throw usageError(
      `${file} cannot be read as YAML with a "config" block:\n${why.trimEnd()}\n` +
        `Mend it there, or take the last one that was committed: git restore ${basename(file)}`,
    );
  }
}
