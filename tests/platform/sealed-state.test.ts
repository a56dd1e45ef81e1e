import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { engineCommand } from "../../platform/engine/command.ts";
import { withSealedState } from "../../platform/engine/sealed-state.ts";

const sealed = { version: 3, deployment: { resources: [] } };
const never = new AbortController().signal;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealed-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stack whose engine's command line is `run`, and nothing else: no engine is started. */
async function stackOf(run: (args: readonly string[]) => string): Promise<Stack> {
  const engine = { pulumiPath: "/bin/true", version: "3.253.0" };
  const pulumiCommand = engineCommand({
    engine,
    outputFolder: join(folder, "output"),
    onStart: () => undefined,
    onProgramFailure: () => undefined,
    interrupt: never,
    kill: never,
  });
  const workspace = await LocalWorkspace.create({ workDir: folder, pulumiCommand });
  const stack = await Stack.select("staging", workspace);
  return withSealedState(stack, async (args) => ({ stdout: run(args), stderr: "", code: 0 }));
}

it("exports secrets encrypted, as they are stored", async () => {
  const asked: string[][] = [];
  const stack = await stackOf((args) => {
    asked.push([...args]);
    return JSON.stringify(sealed);
  });
  expect(await stack.exportStack()).toEqual(sealed);
  expect(asked).toEqual([["stack", "export", "--stack", "staging"]]);
});

it("imports from a file that only its owner may read, and leaves none behind, not even when it fails", async () => {
  const stack = await stackOf((args) => {
    const file = args[args.indexOf("--file") + 1] ?? "";
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(sealed);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    throw new Error("the engine refuses");
  });
  const before = readdirSync(folder);
  await expect(stack.importStack(sealed)).rejects.toThrow("the engine refuses");
  expect(readdirSync(folder)).toEqual(before);
});
