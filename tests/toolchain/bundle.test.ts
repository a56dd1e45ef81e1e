import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundled } from "../../toolchain/bundle.js";

const loader = fileURLToPath(new URL("../../toolchain/bundle.js", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const bundleOf = async (entry: string): Promise<string> => {
  const bundle = await bundled(entry);
  if (bundle === undefined) throw new Error(`nothing was kept of ${entry}`);
  return bundle;
};

/** What a program says, run in a process of its own. */
async function run(entry: string): Promise<{ stdout: string; stderr: string }> {
  const program = `import { importProgram } from ${JSON.stringify(loader)}; await importProgram(${JSON.stringify(entry)});`;
  return promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]).catch(
    (failed: { stdout: string; stderr: string }) => failed,
  );
}

describe("a program in TypeScript", () => {
  it("runs as its files say, and not otherwise when it runs again", async () => {
    write("lib/greeting.ts", "export const greeting: string = 'hello';\n");
    const entry = write(
      "main.ts",
      'import { greeting } from "./lib/greeting.ts";\nprocess.stdout.write(greeting as string);\n',
    );
    expect((await run(entry)).stdout).toBe("hello");
    expect(await bundleOf(entry)).toBe(await bundleOf(entry));
    expect((await run(entry)).stdout).toBe("hello");
  });

  it("runs as it is now when a file of it was changed, the first or one that it imports", async () => {
    const greeting = write("greeting.ts", 'export const greeting = "hello";\n');
    const entry = write(
      "main.ts",
      'import { greeting } from "./greeting.ts";\nprocess.stdout.write(greeting);\n',
    );
    await run(entry);
    writeFileSync(greeting, 'export const greeting = "goodbye";\n');
    expect((await run(entry)).stdout).toBe("goodbye");
    // Of the same length: only when it was written tells them apart.
    writeFileSync(greeting, 'export const greeting = "farewel";\n');
    utimesSync(greeting, new Date(), new Date(Date.now() + 1));
    expect((await run(entry)).stdout).toBe("farewel");
    writeFileSync(entry, 'process.stdout.write("nothing");\n');
    expect((await run(entry)).stdout).toBe("nothing");
  });

  it("knows where each of its files lies, and finds the packages beside it", async () => {
    write(
      "node_modules/greeter/package.json",
      '{ "name": "greeter", "type": "module", "exports": "./index.js" }',
    );
    write("node_modules/greeter/index.js", 'export const greet = (name) => "hello " + name;');
    write("deep/where.ts", "export const where: string = import.meta.url;\n");
    const entry = write(
      "main.ts",
      'import { greet } from "greeter";\nimport { where } from "./deep/where.ts";\nprocess.stdout.write(greet(where));\n',
    );
    expect((await run(entry)).stdout).toBe(`hello file://${join(folder, "deep/where.ts")}`);
  });

  it("loads what it imports later when it does so, though a newer bundle was made meanwhile", async () => {
    write("later.ts", 'export const later = "old";\nprocess.stdout.write("loaded ");\n');
    const entry = write(
      "main.ts",
      'export const whenAsked = async () => (await import("./later.ts")).later;\nprocess.stdout.write("began ");\n',
    );
    const old = await bundleOf(entry);
    write("later.ts", 'export const later = "new";\n');
    expect(await bundleOf(entry)).not.toBe(old);
    const program = `const { whenAsked } = await import(${JSON.stringify(old)}); process.stdout.write(await whenAsked());`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      program,
    ]);
    expect(stdout).toBe("began loaded old");
  });

  it("that throws names the line of its own file", async () => {
    const entry = write("main.ts", 'type Unused = string;\n\nthrow new TypeError("no such size");\n');
    expect((await run(entry)).stderr).toMatch(/TypeError: no such size[\s\S]*main\.ts:3:\d+/);
  });

  it("with mistakes in several files is refused with all of them", async () => {
    write("one.ts", "export const one: = 1;\n");
    write("two.ts", 'import "./not-there.ts";\nexport const two = 2;\n');
    const entry = write("main.ts", 'import "./one.ts";\nimport "./two.ts";\n');
    const refused = await bundled(entry).catch((error: Error) => error.message);
    expect(refused).toContain("one.ts:1:");
    expect(refused).toContain("./not-there.ts");
  });

  it("is bundled by several at once, and by all as it is", async () => {
    const entry = write("main.ts", 'process.stdout.write("hello");\n');
    const runs = await Promise.all(Array.from({ length: 4 }, () => run(entry)));
    expect(runs.map(({ stdout }) => stdout)).toEqual(Array(4).fill("hello"));
  });

  it("is bundled again when its bundle has gone, or what is known of it is spoilt", async () => {
    const entry = write("main.ts", 'process.stdout.write("hello");\n');
    const bundle = await bundleOf(entry);
    rmSync(bundle);
    expect((await run(entry)).stdout).toBe("hello");
    writeFileSync(join(dirname(dirname(bundle)), "newest.json"), "{");
    expect((await run(entry)).stdout).toBe("hello");
  });

  it("runs file by file where nothing can be kept", async () => {
    write("greeting.ts", 'export const greeting: string = "hello";\n');
    const entry = write(
      "main.ts",
      'import { greeting } from "./greeting.ts";\nprocess.stdout.write(greeting);\n',
    );
    write("node_modules/.cache", "a file where the folder would be");
    expect(await bundled(entry)).toBeUndefined();
    expect((await run(entry)).stdout).toBe("hello");
  });
});

describe("what is kept", () => {
  it("goes with the program, when another is bundled", async () => {
    const gone = write("gone/main.ts", "export {};\n");
    const cache = dirname(dirname(dirname(await bundleOf(gone))));
    rmSync(gone);
    await bundleOf(write("main.ts", "export {};\n"));
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it("lies where packages really are, for a program whose node_modules are a link", async () => {
    mkdirSync(join(folder, "copy"));
    symlinkSync(join(folder, "node_modules"), join(folder, "copy", "node_modules"));
    const bundle = await bundleOf(write("copy/main.ts", "export {};\n"));
    expect(bundle.startsWith(join(folder, "node_modules", ".cache"))).toBe(true);
  });

  it("is deleted three days after a newer one was made, and not before", async () => {
    const entry = write("main.ts", "export const version = 1;\n");
    const first = dirname(await bundleOf(entry));
    writeFileSync(entry, "export const version = 22;\n");
    const second = dirname(await bundleOf(entry));
    const longAgo = new Date(Date.now() - 4 * 24 * 60 * 60 * 1000);
    utimesSync(first, longAgo, longAgo);
    writeFileSync(entry, "export const version = 333;\n");
    const third = dirname(await bundleOf(entry));
    const left = readdirSync(dirname(third)).filter((name) => name !== "newest.json");
    expect(left.map((name) => join(dirname(third), name)).sort()).toEqual([second, third].sort());
  });
});
