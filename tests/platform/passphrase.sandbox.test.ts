import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { newCrypter, openCrypter } from "../../platform/engine/passphrase.ts";
import { ensureEngine } from "../../toolchain/engine.ts";

/** Held against the engine itself: its format is public, and nowhere specified. */
const passphrase = "Käse, 100 %";
const secret = "https://hooks.slack.example/\u{1F511}\n";
const folder = mkdtempSync(join(tmpdir(), "passphrase-"));
const settings = join(folder, "Pulumi.dev.yaml");

async function pulumi(...args: string[]): Promise<string> {
  const { pulumiPath } = await ensureEngine({});
  const { stdout } = await execa(pulumiPath, [...args, "--non-interactive"], {
    cwd: folder,
    env: {
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    stripFinalNewline: false,
  });
  return stdout;
}

beforeAll(async () => {
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: "sealed", runtime: "nodejs" }));
  await pulumi("stack", "init", "dev");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("reads what the engine has encrypted, with its passphrase alone", async () => {
  await pulumi("config", "set", "--secret", "webhook", secret);
  const { encryptionsalt, config } = parse(readFileSync(settings, "utf8"));
  const crypter = await openCrypter(passphrase, encryptionsalt);
  expect(crypter?.decrypt(config["sealed:webhook"].secure)).toBe(secret);
  expect(await openCrypter("another", encryptionsalt)).toBeUndefined();
});

it("encrypts so that the engine reads it", async () => {
  const crypter = await newCrypter(passphrase);
  writeFileSync(
    settings,
    stringify({
      encryptionsalt: crypter.salt,
      config: { "sealed:nested": { webhook: { secure: crypter.encrypt(secret) } } },
    }),
  );
  expect(await pulumi("config", "get", "--path", "nested.webhook")).toBe(`${secret}\n`);
});

it("refuses what was tampered with, and what is no ciphertext", async () => {
  const crypter = await newCrypter(passphrase);
  const sealed = crypter.encrypt(secret);
  const tampered = sealed.replace(/.{4}$/, (end) => (end === "AAA=" ? "BBA=" : "AAA="));
  expect(() => crypter.decrypt(tampered)).toThrow();
  expect(() => crypter.decrypt("plain")).toThrow(/no value that a passphrase encrypted/);
});
