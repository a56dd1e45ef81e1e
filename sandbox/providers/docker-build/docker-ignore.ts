import { readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/** Which paths below a context are left out of a build. */
export type Ignored = (path: string) => boolean;

/** One line of a `.dockerignore`. */
interface Line {
  readonly pattern: RegExp;
  /** The line begins with `!`: it takes back in what a line before it left out. */
  readonly takesIn: boolean;
}

/**
 * What is left out of a build by the file of that name beside the Dockerfile, else by `.dockerignore` of the context; as
 * BuildKit reads them: the last line that fits a path, or a folder that it is in, decides.
 */
export function ignoredIn(context: string, dockerfile: string): Ignored {
  const file = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find(
    (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  );
  const lines = file === undefined ? [] : linesOf(readFileSync(file, "utf8"));
  return (path) => {
    const parts = path.split("/");
    const places = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    const decisive = lines.findLast(({ pattern }) => places.some((place) => pattern.test(place)));
    return decisive !== undefined && !decisive.takesIn;
  };
}

function linesOf(text: string): Line[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const takesIn = line.startsWith("!");
      const path = takesIn ? line.slice(1).trim() : line;
      const clean = posix
        .normalize(path)
        .replace(/^\/(?=.)/, "")
        .replace(/(?<=.)\/$/, "");
      return { takesIn, pattern: patternOf(clean) };
    });
}

/** `*` and `?` stay within a folder, `**` stands for any number of folders, `[...]` for one of several signs. */
function patternOf(path: string): RegExp {
  const source = path.replaceAll(
    /\*\*\/?|\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|[.+^${}()|[\]\\]/g,
    (sign, not: string | undefined, signs: string | undefined, escaped: string | undefined, at: number) => {
      if (sign === "*") return "[^/]*";
      if (sign === "?") return "[^/]";
      if (sign.startsWith("**")) return at + sign.length === path.length ? ".*" : "(.*/)?";
      if (signs !== undefined) return `[${not ?? ""}${signs}]`;
      return `\\${escaped ?? sign}`;
    },
  );
  return new RegExp(`^${source}$`, "s");
}
