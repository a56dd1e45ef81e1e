import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openProject } from "../../platform/environment/project.ts";
import { exitStatus, PlatformError } from "../../platform/exit.ts";

describe("a project's program", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-project-"));
    mkdirSync(join(folder, "infra"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: scratch\nruntime: nodejs\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What is said of a program with this text. */
  const refusalOf = async (source: string): Promise<PlatformError> => {
    writeFileSync(join(folder, "infra", "program.ts"), source);
    const project = openProject({ PLATFORM_PROJECT: folder });
    const thrown = await project.program().catch((error: unknown) => error);
    if (!(thrown instanceof PlatformError)) throw new Error(`not refused: ${String(thrown)}`);
    return thrown;
  };

  it("is taken as it is", async () => {
    writeFileSync(
      join(folder, "infra", "program.ts"),
      "export const program = async () => ({ answer: 42 });\n",
    );
    const program = await openProject({ PLATFORM_PROJECT: folder }).program();
    await expect(program()).resolves.toEqual({ answer: 42 });
  });

  it("that throws while it is loaded is told with the line that threw", async () => {
    const { message, status } = await refusalOf('\n\nthrow new TypeError("no such size");\n');
    expect(status).toBe(exitStatus.failed);
    expect(message).toContain(
      `${join(folder, "infra", "program.ts")} cannot be loaded, and nothing was changed:`,
    );
    expect(message).toContain("TypeError: no such size");
    expect(message).toMatch(/infra\/program\.ts:3:\d+/);
  });

  it("that cannot be read as TypeScript is told with the place of the mistake", async () => {
    const { message } = await refusalOf("export const program: = 3;\n");
    expect(message).toMatch(/infra\/program\.ts:1:/);
  });

  it("that is no function is refused", async () => {
    const { message } = await refusalOf("export const program = 3;\n");
    expect(message).toContain("does not export what the command needs");
  });
});
