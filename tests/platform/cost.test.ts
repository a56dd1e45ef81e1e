import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { createColors } from "picocolors";
import { afterAll, describe, expect, it } from "vitest";
import { environmentCost } from "../../infra/cost.ts";
import { costChangeText, costText } from "../../platform/report/cost-text.ts";
import { checkout } from "../../sandbox/home.ts";
import type { DesiredResource } from "../golden/desired-state.ts";
import { goldenFile } from "../golden/file.ts";

const folder = mkdtempSync(join(tmpdir(), "platform-cost-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The cost of what the engine's preview of an environment wants, as it is committed. */
function costOfGolden(environment: string) {
  const desired: DesiredResource[] = JSON.parse(readFileSync(goldenFile(environment), "utf8"));
  return environmentCost(
    desired.map(({ parent, ...rest }) => ({ inputs: {}, ...rest, component: parent ?? rest.name })),
  );
}

it("tells, without engine, credentials or passphrase, the cost of what the engine's preview wants", async () => {
  const project = join(folder, "project");
  mkdirSync(project);
  cpSync(join(checkout, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  for (const part of ["infra", "stacks", "components", "catalog", "node_modules", "package.json"]) {
    symlinkSync(join(checkout, part), join(project, part));
  }
  const settings = readFileSync(join(checkout, "Pulumi.production.yaml"), "utf8");
  const secret = "  whisper-platform:errorTrackingDsn: { secure: v1:not:decrypted }\n";
  writeFileSync(join(project, "Pulumi.production.yaml"), `${settings}${secret}`);

  const command = [join(checkout, "platform/bin/platform.js"), "cost", "production", "--json"];
  const { stdout } = await execa(process.execPath, command, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PLATFORM_HOME: join(folder, "home"),
      PLATFORM_PROJECT: project,
    },
    extendEnv: false,
  });

  expect(JSON.parse(stdout)).toEqual({
    schema: 1,
    environment: "production",
    currency: "USD",
    per: "month",
    ...costOfGolden("production"),
  });
});

describe("the text of a bill", () => {
  it("shows the arithmetic, what is waived and what is not in it", () => {
    const bucket = (name: string) => ({
      name,
      type: "digitalocean:index/spacesBucket:SpacesBucket",
      component: "media",
      inputs: {},
    });
    const text = costText("staging", environmentCost([bucket("a"), bucket("b")]), {
      colors: createColors(false),
    });
    expect(text).toContain("media: 5.00 $\n  a\n    1 x Spaces subscription x 5.00 $ = 5.00 $\n  b\n");
    expect(text).toContain("x 5.00 $: not paid for, an account pays for 1, counted with a\n");
    expect(text).toContain(": 0.02 $ a GiB\n      a\n      b\n");
    expect(text).toMatch(/\nPrices of \d{4}-\d\d-\d\d, in US dollars/);
  });

  it.each([
    [[10, 10], [10, 10], "10.00 $ a month, as before"],
    [[10, 10], [12.5, 12.5], "10.00 $ → 12.50 $ a month (+2.50 $)"],
    [[10, 20], [5, 20], "10.00 to 20.00 $ → 5.00 to 20.00 $ a month (−5.00 to +0.00 $)"],
  ])("of a change from %j to %j is %s", ([a = 0, b = 0], [c = 0, d = 0], text) => {
    expect(costChangeText({ before: { minimum: a, maximum: b }, after: { minimum: c, maximum: d } })).toBe(
      text,
    );
  });
});
