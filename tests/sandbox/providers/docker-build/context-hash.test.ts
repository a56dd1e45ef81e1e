import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextHash } from "../../../../sandbox/providers/docker-build/context-hash.ts";
import { ignoredIn } from "../../../../sandbox/providers/docker-build/docker-ignore.ts";

let context: string;
beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "context-"));
});
afterEach(() => rmSync(context, { recursive: true, force: true }));

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(context, path)), { recursive: true });
  writeFileSync(join(context, path), text);
  chmodSync(join(context, path), mode);
}

describe("the hash of a context", () => {
  it("is the one that the vendor's plugin 0.0.22 gave", () => {
    write("Dockerfile", "FROM scratch\nCOPY . /app\n");
    write(
      ".dockerignore",
      "# what is made again\n*.log\n!keep.log\nsub/**/deep\n**/secret?\n/rooted\n[ab]x\n",
    );
    for (const path of ["a.txt", "a-b", "aZ", "Ab", "é", "a/z", "x.log", "keep.log"]) write(path, path);
    for (const path of ["rooted", "ax", "cx", "sub/rooted", "sub/secret1", "sub/secret12"]) write(path, path);
    write("sub/x/deep/file", "deep");
    write("run.sh", "#!/bin/sh\n", 0o4755);
    symlinkSync("../a.txt", join(context, "sub", "link"));
    symlinkSync("sub", join(context, "folder"));
    expect(contextHash(context, join(context, "Dockerfile"))).toBe(
      "aec6097c09781da04c5fff73e0a4e07ce6867c9814c446bf10b6ce8c92eafd0a",
    );
  });

  it("cannot be had of a link that leads nowhere", () => {
    write("Dockerfile", "FROM scratch\n");
    symlinkSync("absent", join(context, "link"));
    expect(() => contextHash(context, join(context, "Dockerfile"))).toThrow("link leads nowhere");
  });
});

describe("what a build leaves out", () => {
  it.each([
    ["node_modules", ["node_modules", "node_modules/a/b"], ["src/node_modules"]],
    ["**/node_modules/", ["node_modules/a", "src/node_modules/a"], ["node_modules2"]],
    ["/docs", ["docs/a"], ["src/docs"]],
    ["*.md\n!README.md", ["a.md"], ["README.md", "docs/a.md"]],
    ["docs\n!docs/kept", ["docs/a"], ["docs/kept", "docs/kept/a"]],
    ["docs/**", ["docs/a", "docs/a/b"], ["doc"]],
    ["a.c", ["a.c"], ["abc"]],
    ["a?[0-9]", ["ab1"], ["a/1", "ab", "abx"]],
    ["[^a]x", ["bx"], ["ax"]],
    [" padded \n#comment\n\n", ["padded"], ["#comment"]],
    ["\\#a", ["#a"], ["a"]],
  ])("by %j", (text, left, taken) => {
    write(".dockerignore", text);
    const isIgnored = ignoredIn(context, join(context, "Dockerfile"));
    expect(left.filter((path) => !isIgnored(path))).toEqual([]);
    expect(taken.filter(isIgnored)).toEqual([]);
  });

  it("is said by the file beside the Dockerfile, where there is one", () => {
    write(".dockerignore", "a");
    write("images/Dockerfile.dockerignore", "b");
    const isIgnored = ignoredIn(context, join(context, "images", "Dockerfile"));
    expect(["a", "b"].filter(isIgnored)).toEqual(["b"]);
  });
});
