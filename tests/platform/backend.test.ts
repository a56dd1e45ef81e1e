import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireBackend } from "../../platform/environment/backend.ts";

describe("before the engine starts for DigitalOcean", () => {
  const folder = mkdtempSync(join(tmpdir(), "platform-backend-"));
  const passphrase = join(folder, "passphrase");
  const settings = { name: "whisper-platform" };
  const file = { environment: "staging", content: { config: {} }, encrypted: false };
  const judge = (env: NodeJS.ProcessEnv, content: object = {}) =>
    requireBackend(
      settings,
      { ...file, content: { ...file.content, ...content } },
      { PULUMI_HOME: folder, ...env },
    );

  beforeAll(() => writeFileSync(passphrase, "secret\n"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("a backend is needed, and said how to choose one", async () => {
    await expect(judge({})).rejects.toMatchObject({
      status: 2,
      message: expect.stringContaining("pulumi login"),
    });
  });

  it("one of the team's own needs a passphrase, unless another provider encrypts", async () => {
    const env = { PULUMI_BACKEND_URL: "s3://state" };
    await expect(judge(env)).rejects.toMatchObject({
      status: 2,
      message: expect.stringMatching(/s3:\/\/state.*PULUMI_CONFIG_PASSPHRASE/s),
    });
    await expect(judge(env, { secretsprovider: "awskms://key" })).resolves.toEqual({});
    await expect(judge({ ...env, PULUMI_CONFIG_PASSPHRASE: "" })).resolves.toEqual({});
  });

  it("a passphrase's file is the caller's, wherever the engine runs", async () => {
    const env = {
      PULUMI_BACKEND_URL: "s3://state",
      PULUMI_CONFIG_PASSPHRASE_FILE: relative(process.cwd(), passphrase),
    };
    await expect(judge(env)).resolves.toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: passphrase });
  });

  it("Pulumi Cloud needs none, logged in or with a token", async () => {
    await expect(judge({ PULUMI_ACCESS_TOKEN: "pul-1" })).resolves.toEqual({});
    writeFileSync(join(folder, "credentials.json"), JSON.stringify({ current: "https://api.pulumi.com" }));
    await expect(judge({})).resolves.toEqual({});
  });
});
