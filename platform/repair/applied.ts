import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, replaceFile } from "../../sandbox/home.ts";
import type { StackState } from "./state.ts";

const recordSchema = z.object({
  /** Digest of the project's files. */
  project: z.string(),
  /** When the update was at its end (ISO 8601). */
  endedAt: z.string(),
});

/**
 * The last update that came to its end. A preview cannot tell that an update has nothing to do: parents, dependencies and
 * aliases stand in the state alone, and show in no step. That the very same project was applied to its end, and
 * that nobody has written the state since, can.
 */
export interface LastApplied {
  /** Whether the state is as an update of this project left it. */
  isOf(state: StackState): boolean;
  /** Notes that the project, as it was when this record was opened, has been applied to its end. */
  note(): void;
}

/**
 * Opens the record. To be called before the program is loaded: what is edited later is not what was applied.
 *
 * @param workFolder Scratch folder of the environment.
 * @param projectFolder Everything in it counts, but for packages, which the lock file in it tells, and hidden files.
 */
export function lastApplied(workFolder: string, projectFolder: string): LastApplied {
  const file = join(workFolder, "applied.json");
  const project = digestOf(projectFolder);
  return {
    isOf: ({ manifest }) => {
      const last = recordSchema.safeParse(readJson(file)).data;
      if (last === undefined || manifest === undefined) return false;
      return last.project === project && Date.parse(manifest.time) <= Date.parse(last.endedAt);
    },
    note: () => replaceFile(file, JSON.stringify({ project, endedAt: new Date().toISOString() })),
  };
}

function digestOf(folder: string): string {
  const digest = createHash("sha256");
  for (const file of filesOf(folder)) {
    const content = readFileSync(join(folder, file));
    digest.update(`${file}\0${content.length}\0`).update(content);
  }
  return digest.digest("hex");
}

/** Paths of a project's files, below its folder, in the same order always. */
const filesOf = (folder: string, below = ""): string[] =>
  readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return filesOf(folder, path);
      return entry.isFile() ? [path] : [];
    });
