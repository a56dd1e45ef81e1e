import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { newCrypter } from "../../platform/engine/passphrase.ts";
import { fixtureProject } from "./helpers/fixture-project.ts";
import { livePlatform } from "./helpers/platform.ts";

/** Secrets that a team committed, encrypted with its own passphrase, in a sandbox that has one too. */
const project = fixtureProject({
  program: `
import { Config, secret } from "@pulumi/pulumi";
export async function program() {
  const webhook = new Config().get("slackWebhook") ?? "none";
  return { length: webhook.length, webhook: secret(webhook) };
}
`,
});
const team: Record<string, string> = {};
const platform = livePlatform(project, team);
const onStaging = (verb: string, ...flags: string[]) => platform.run(verb, "staging", "--sandbox", ...flags);

const committed = join(project.folder, "Pulumi.staging.yaml");
const original = readFileSync(committed, "utf8");
const webhook = "https://hooks.slack.example/T0/B0/secret";

beforeAll(async () => {
  expect(await platform.json("up", "staging", "--sandbox", "--yes")).toMatchObject({
    outputs: { length: 4 },
  });
  const crypter = await newCrypter("team");
  const { config } = parse(original);
  const alerts = { ...config["whisper-platform:alerts"], slackChannel: "#alerts" };
  const secrets = { "whisper-platform:slackWebhook": { secure: crypter.encrypt(webhook) } };
  const withSlack = { ...config, "whisper-platform:alerts": alerts, ...secrets };
  writeFileSync(committed, stringify({ encryptionsalt: crypter.salt, config: withSlack }));
});

it("without the passphrase, or with another, is told with status 2 before anything starts", async () => {
  const missing = await onStaging("up", "--yes");
  expect(missing.stderr).toMatch(/encrypted values, and their passphrase is not given/);
  expect(missing.status).toBe(2);
  team.PULUMI_CONFIG_PASSPHRASE = "another";
  const wrong = await onStaging("up", "--yes");
  expect(wrong.stderr).toMatch(/PULUMI_CONFIG_PASSPHRASE holds another passphrase than/);
  expect(wrong.stderr).not.toContain("...");
  expect(wrong.status).toBe(2);
});

it("the right passphrase opens them in a sandbox that has state already, from a file as well", async () => {
  team.PULUMI_CONFIG_PASSPHRASE = "team";
  const up = { outputs: { length: webhook.length, webhook: "[secret]" } };
  expect(await platform.json("up", "staging", "--sandbox", "--yes")).toMatchObject(up);
  delete team.PULUMI_CONFIG_PASSPHRASE;
  writeFileSync(join(platform.home.root, "team"), "team\n");
  // As a shell gives it: relative to the folder in which the command is called.
  team.PULUMI_CONFIG_PASSPHRASE_FILE = relative(process.cwd(), join(platform.home.root, "team"));
  expect((await onStaging("refresh", "--expect-no-changes")).status).toBe(0);
});

it("what is written is encrypted, and the committed file is left alone", async () => {
  const copy = readFileSync(join(platform.home.workOf("staging"), "Pulumi.staging.yaml"), "utf8");
  const state = readFileSync(
    join(platform.home.state, ".pulumi", "stacks", "whisper-platform", "staging.json"),
    "utf8",
  );
  expect(parse(copy).config["whisper-platform:slackWebhook"]).toEqual({
    secure: expect.stringMatching(/^v1:/),
  });
  expect(copy + state).not.toContain(webhook);
  expect(parse(copy).encryptionsalt).not.toBe(parse(readFileSync(committed, "utf8")).encryptionsalt);
});

it("once they are gone from the file, no passphrase is needed", async () => {
  writeFileSync(committed, original);
  delete team.PULUMI_CONFIG_PASSPHRASE_FILE;
  expect(await platform.json("up", "staging", "--sandbox", "--yes")).toMatchObject({
    outputs: { length: 4 },
  });
  expect(await platform.json("status", "staging", "--sandbox")).toMatchObject({ outputs: { length: 4 } });
});
