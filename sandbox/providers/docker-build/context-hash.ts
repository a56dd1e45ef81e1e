import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folders that no build takes along, whatever `.dockerignore` says. */
const leftOut = new Set([".git", "node_modules"]);

/** A hash of everything that a build may read: the Dockerfile, and the files of the context with their modes. */
export function contextHash(context: string, dockerfile: string): string {
  const hash = createHash("sha256").update(readFileSync(dockerfile));
  const visit = (folder: string, name: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (leftOut.has(entry.name)) continue;
      const path = join(folder, entry.name);
      const relative = `${name}/${entry.name}`;
      if (entry.isDirectory()) visit(path, relative);
      if (!entry.isFile()) continue;
      hash.update(`\0${relative}\0${statSync(path).mode & 0o111}\0`).update(readFileSync(path));
    }
  };
  visit(context, "");
  return hash.digest("hex");
}
