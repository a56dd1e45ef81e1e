import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { cached } from "../../toolchain/cache.ts";
import { temporaryDirectory } from "./fixtures.ts";

const quiet = () => undefined;
const holder = fileURLToPath(new URL("./cache-holder.ts", import.meta.url));

describe("cached", () => {
  it("produces once, however many ask at once", async () => {
    const cache = await temporaryDirectory();
    const entry = { cache, name: "tool", version: "1" };
    const log = join(cache, "log");
    const produce = async (directory: string) => {
      await appendFile(log, "produced\n");
      await writeFile(join(directory, "tool"), "content");
    };

    const folders = await Promise.all([1, 2, 3, 4].map(() => cached(entry, produce, quiet)));

    expect(new Set(folders).size).toBe(1);
    expect(await readFile(log, "utf8")).toBe("produced\n");
  });

  it("leaves nothing behind when producing fails, and the next one starts afresh", async () => {
    const cache = await temporaryDirectory();
    const entry = { cache, name: "tool", version: "1" };
    const fail = async (directory: string) => {
      await writeFile(join(directory, "half"), "");
      throw new Error("no");
    };

    await expect(cached(entry, fail, quiet)).rejects.toThrow("no");
    const folder = await cached(entry, (directory) => writeFile(join(directory, "tool"), ""), quiet);

    expect(await readdir(folder)).toEqual(["tool"]);
  });

  it("takes over from a process that was killed half-way", async () => {
    const cache = await temporaryDirectory();
    const child = spawn(process.execPath, ["--import", "tsx", holder, cache], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    const waits: string[] = [];

    const folder = await cached(
      { cache, name: "tool", version: "1" },
      (directory) => writeFile(join(directory, "tool"), "whole"),
      (line) => waits.push(line),
    );

    expect(await readdir(folder)).toEqual(["tool"]);
    expect((await readdir(join(cache, "tool"))).filter((name) => name.includes("partial"))).toEqual([]);
    expect(waits.join()).toContain("another process");
  });
});
