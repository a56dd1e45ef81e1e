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

  it("a known one counts", async () => {
    edit("whisper-platform:owner:", "owner:");
    await read();
  });

  it("an unknown one is a fault, one of another program's is not", async () => {
    edit("config:", "config:\n  aws:region: eu-west-1\n  foo: bar");
    await expect(read()).rejects.toThrow(
      expect.objectContaining({ status: 2, message: expect.stringMatching(/:foo is no known key/) }),
    );
    edit("  foo: bar\n", "");
    await read();
  });

  it("components are heard beside it", async () => {
    edit("config:", "config:\n  foo: bar\n  gpuSecretsToken:\n    secure: v1:ciphertext");
    await expect(read()).rejects.toMatchObject({
      status: 2,
      message: expect.stringMatching(
        /:foo is no known key[\s\S]*The arguments of whisper-staging-gpu have 1 fault/,
      ),
      details: {
        faults: [{ path: "whisper-platform:foo" }],
        refusals: [{ component: "whisper-staging-gpu", faults: [{ path: "controller.image" }] }],
      },
    });
  });

  it("one that is there in both ways is a fault", async () => {
    edit("config:", "config:\n  owner: somebody");
    await expect(read()).rejects.toThrow(/has both "owner" and "whisper-platform:owner"/);
  });
});
