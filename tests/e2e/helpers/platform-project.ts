import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../sandbox/home.ts";

/** A copy of the whole platform's project, to be edited as an engineer edits the checkout, which stays clean. */
export interface PlatformProject {
  /** To be given as `PLATFORM_PROJECT`. */
  readonly folder: string;
  /**
   * Replaces text in a file.
   *
   * @throws Error when the text is not there: the edit would be none.
   */
  edit(file: string, before: string, after: string): void;
  /** Adds a line to a file. */
  append(file: string, line: string): void;
  /** Undoes every edit of a file. */
  restore(file: string): void;
  cleanUp(): void;
}

const parts = [
  "Pulumi.yaml",
  "Pulumi.staging.yaml",
  "Pulumi.production.yaml",
  "package.json",
  "infra",
  "stacks",
  "components",
  "catalog",
  "policies",
];

/** Copies what a deployment is made of: configuration, program, policies. */
export function platformProject(): PlatformProject {
  const folder = mkdtempSync(join(tmpdir(), "platform-copy-"));
  for (const part of parts) cpSync(join(checkout, part), join(folder, part), { recursive: true });
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  return {
    folder,
    edit: (file, before, after) => {
      const text = read(file);
      if (!text.includes(before)) throw new Error(`${file} does not say ${JSON.stringify(before)}`);
      write(file, text.replace(before, after));
    },
    append: (file, line) => write(file, `${read(file)}${line}\n`),
    restore: (file) => cpSync(join(checkout, file), join(folder, file)),
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  };
}
