import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "../../sandbox/home.ts";
import { importProgram } from "../../toolchain/bundle.js";
import { failure } from "../exit.ts";

/** A Pulumi project of the platform's shape: settings, a program in infra/, a policy pack in policies/. */
export interface Project {
  /** Folder that holds `Pulumi.yaml`. */
  readonly folder: string;
  /** The committed `Pulumi.yaml`. */
  readonly settings: ProjectSettings;
  /** Folder of the policy pack; nothing when there is none. */
  readonly policyPack: string | undefined;
  /** Imports, once, the function that declares the resources, to be run by the engine: that takes a second. */
  program(): Promise<PulumiFn>;
}

const settingsSchema = z.looseObject({
  name: z.string(),
  backend: z.looseObject({ url: z.string().optional() }).optional(),
});
const programSchema = z.object({ program: z.custom<PulumiFn>((value) => typeof value === "function") });

export type ProjectSettings = z.infer<typeof settingsSchema>;

/** Opens the checkout's project, or the one in the folder that `PLATFORM_PROJECT` names. */
export function openProject(env: NodeJS.ProcessEnv = process.env): Project {
  const folder = resolve(env.PLATFORM_PROJECT || checkout);
  const policies = join(folder, "policies");
  const hasPolicies = existsSync(join(policies, "PulumiPolicy.yaml"));
  return {
    folder,
    settings: settingsSchema.parse(parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"))),
    policyPack: hasPolicies ? policies : undefined,
    program: async () => (await load(join(folder, "infra", "program.ts"), programSchema)).program,
  };
}

/** Imports a module of the project and makes sure that it exports what is asked of it. */
async function load<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const exported: unknown = await importProgram(file).catch((error: unknown) => {
    throw failure(
      `${file} cannot be loaded, and nothing was changed:\n${whatAndWhere(error, dirname(dirname(file)))}`,
      error,
    );
  });
  const parsed = schema.safeParse({ ...(exported as object) });
  if (parsed.success) return parsed.data;
  throw failure(`${file} does not export what the command needs:\n${z.prettifyError(parsed.error)}`);
}

/** What went wrong in a module of the project's, with the first line of the project's own that led there. */
export function whatAndWhere(error: unknown, projectFolder: string): string {
  if (!(error instanceof Error)) return String(error);
  const frame = error.stack
    ?.split("\n")
    .find((line) => line.includes(projectFolder) && !line.includes("/node_modules/"));
  return [`${error.name}: ${error.message}`, ...(frame === undefined ? [] : [frame.trim()])].join("\n");
}
