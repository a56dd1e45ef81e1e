import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resetSandbox } from "../../sandbox/daemon/lifecycle.ts";
import { checkout, claimHome, makePrivate, platformHome } from "../../sandbox/home.ts";

it.each([{}, { PLATFORM_HOME: "" }])("lives in the checkout when the environment says nothing: %o", (env) => {
  expect(platformHome(env).root).toBe(join(checkout, ".platform"));
});

it("makes a folder and its parents, and makes what is there already private", () => {
  const root = mkdtempSync(join(tmpdir(), "home-"));
  try {
    for (const _time of [1, 2]) makePrivate(join(root, "a", "b"));
    expect(statSync(join(root, "a", "b")).mode & 0o777).toBe(0o700);
    writeFileSync(join(root, "file"), "");
    expect(() => makePrivate(join(root, "file", "b"))).toThrow(/cannot be used: ENOTDIR.*\n.*PLATFORM_HOME/);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it("is an empty folder, or one that was taken before: any other is neither touched nor reset", async () => {
  const root = mkdtempSync(join(tmpdir(), "home-"));
  const home = platformHome({ PLATFORM_HOME: root });
  const sources = platformHome({ PLATFORM_HOME: join(root, "checkout") });
  try {
    claimHome(home);
    makePrivate(home.workOf("staging"));
    mkdirSync(sources.sandbox, { recursive: true });
    claimHome(home);
    expect(() => claimHome(sources)).toThrow(
      /is no home of the platform's: it holds sandbox\.\n.*PLATFORM_HOME/,
    );
    await expect(resetSandbox(sources)).rejects.toThrow(/is no home/);
    expect(statSync(sources.sandbox).isDirectory()).toBe(true);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it.runIf(process.platform === "linux")("gives up at once where nothing can be made", () => {
  expect(() => makePrivate("/proc/nope/deeper")).toThrow(/cannot be used: ENOENT.*\n.*PLATFORM_HOME/);
});
