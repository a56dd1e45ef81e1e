import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openProject } from "../../platform/environment/project.ts";
import { readEnvironment } from "../../platform/environment/settings.ts";
import { checkout } from "../../sandbox/home.ts";

describe("a key without the project's prefix is judged as the engine takes it", () => {
  const folder = mkdtempSync(join(tmpdir(), "platform-settings-"));
  const committed = join(folder, "Pulumi.staging.yaml");
  const read = () => readEnvironment(openProject({ PLATFORM_PROJECT: folder }), "staging");
  const edit = (before: string, after: string) =>
    writeFileSync(committed, readFileSync(committed, "utf8").replace(before, after));

  beforeEach(() => {
    for (const name of ["Pulumi.yaml", "Pulumi.staging.yaml"])
      cpSync(join(checkout, name), join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("a known one counts", () => {
    edit("whisper-platform:owner:", "owner:");
    expect(read).not.toThrow();
  });

  it("an unknown one is a fault, one of another program's is not", () => {
    edit("config:", "config:\n  aws:region: eu-west-1\n  foo: bar");
    expect(read).toThrow(
      expect.objectContaining({ status: 2, message: expect.stringMatching(/:foo is no known key/) }),
    );
    edit("  foo: bar\n", "");
    expect(read).not.toThrow();
  });

  it("one that is there in both ways is a fault", () => {
    edit("config:", "config:\n  owner: somebody");
    expect(read).toThrow(/has both "owner" and "whisper-platform:owner"/);
  });
});
