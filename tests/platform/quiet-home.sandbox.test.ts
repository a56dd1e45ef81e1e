import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, it } from "vitest";
import { quietHome } from "../../platform/engine/quiet-home.ts";
import { ensureEngine } from "../../toolchain/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "quiet-home-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runEngine(home: string): Promise<void> {
  const { pulumiPath } = await ensureEngine({});
  const env = { PULUMI_HOME: home, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_SKIP_UPDATE_CHECK: "true" };
  await execa(pulumiPath, ["stack", "ls", "--all", "--non-interactive"], { cwd: folder, env });
}

it("the engine keeps logs by itself, and none in a quiet home", async () => {
  const own = join(folder, "own");
  await runEngine(own);
  expect(readdirSync(join(own, "logs"))).not.toEqual([]);

  const quiet = quietHome(join(folder, "quiet"), { PULUMI_HOME: own });
  await runEngine(quiet);
  expect(statSync(join(quiet, "logs")).size).toBe(0);
});

it("holds the plugins of the operator's own home, which a later one leaves there", () => {
  const own = join(folder, "with-plugins");
  mkdirSync(join(own, "plugins"), { recursive: true });
  writeFileSync(join(own, "plugins", "plugin"), "vendor's");
  for (let run = 0; run < 2; run++) {
    const quiet = quietHome(join(folder, "linked"), { PULUMI_HOME: own });
    expect(readFileSync(join(quiet, "plugins", "plugin"), "utf8")).toBe("vendor's");
  }
});
