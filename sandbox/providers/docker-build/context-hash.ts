import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { ProviderError } from "../kit/errors.ts";
import { ignoredIn } from "./docker-ignore.ts";

/**
 * The hash by which the vendor's plugin tells whether a source has changed: of the Dockerfile, and of each file of the
 * context that a build may read, with its path and mode. A link counts by what it leads to.
 */
export function contextHash(context: string, dockerfile: string): string {
  const hash = createHash("sha256").update(readFileSync(dockerfile));
  const isIgnored = ignoredIn(context, dockerfile);
  for (const path of filesOf(context)) {
    if (isIgnored(path)) continue;
    const file = join(context, path);
    const target = statSync(file, { throwIfNoEntry: false });
    if (target === undefined) throw new ProviderError(`hashing build context: ${path} leads nowhere`);
    if (!target.isFile()) continue;
    hash
      .update(readFileSync(file))
      .update(path)
      .update(modeOf(lstatSync(file)));
  }
  return hash.digest("hex");
}

/** Files and links below a folder, in the order of their folders' listings. */
const filesOf = (folder: string, below = ""): string[] =>
  readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesOf(folder, path);
      return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
    });

/** A file's mode as Go spells it: `-rw-r--r--`, and `L`, `u`, `g` or `t` in place of the hyphen for what it is beside. */
function modeOf(file: Stats): string {
  const special = [
    file.isSymbolicLink() ? "L" : "",
    (file.mode & 0o4000) !== 0 ? "u" : "",
    (file.mode & 0o2000) !== 0 ? "g" : "",
    (file.mode & 0o1000) !== 0 ? "t" : "",
  ].join("");
  const rights = [..."rwxrwxrwx"].map((right, index) =>
    ((file.mode >> (8 - index)) & 1) === 1 ? right : "-",
  );
  return `${special === "" ? "-" : special}${rights.join("")}`;
}
