import { expect, it } from "vitest";
import { z } from "zod";
import { decommissionLines } from "../../infra/config/index.ts";
import { livePlatform } from "./helpers/platform.ts";
import { platformProject } from "./helpers/platform-project.ts";

/** Production's life, and staging's beside it in the same sandbox, each test behind the one before it. */
const project = platformProject();
const platform = livePlatform(project);

it("is previewed as one document, allowed by the gate, with nothing made", async () => {
  expect(await platform.json("preview", "production", "--sandbox")).toMatchObject({
    schema: 1,
    environment: "production",
    target: "sandbox",
    allowed: true,
    endangeredStores: [],
    counts: { create: expect.any(Number) },
    steps: expect.arrayContaining([
      expect.objectContaining({ operation: "create", name: "whisper-production-postgres-cluster" }),
    ]),
  });
  expect(await platform.inventory()).toEqual({});
});

it("passes the gate beside staging: no mandatory rule meets what nobody knows yet, and they share nothing", async () => {
  const { allowed, shared, environments } = verdicts.parse(await platform.json("gate", "--all", "--sandbox"));
  expect({ allowed, shared }).toEqual({ allowed: true, shared: [] });
  expect(environments.map(({ environment }) => environment)).toEqual(["staging", "production"]);
  for (const { findings } of environments) {
    expect(findings.filter(({ undecided }) => undecided !== undefined)).toEqual([]);
  }
});

const verdicts = z.object({
  allowed: z.boolean(),
  shared: z.array(z.unknown()),
  environments: z.array(
    z.object({
      environment: z.string(),
      findings: z.array(z.looseObject({ undecided: z.string().optional() })),
    }),
  ),
});

/** Runs a verb on both environments at once. */
const onBoth = (verb: string, ...flags: string[]) =>
  Promise.all(
    ["staging", "production"].map((environment) => platform.run(verb, environment, "--sandbox", ...flags)),
  );

it("comes up beside staging, both at the same time, and neither drifts", async () => {
  const ups = await onBoth("up", "--yes");
  expect(ups.map(({ status, stderr }) => [status, stderr.includes("failed")])).toEqual([
    [0, false],
    [0, false],
  ]);
  const refreshed = await onBoth("refresh", "--expect-no-changes");
  expect(refreshed.map(({ status }) => status)).toEqual([0, 0]);
});

it("is not destroyed while its stores are protected, and they are named", async () => {
  const before = await platform.inventory();
  const { status, stderr } = await platform.run("destroy", "production", "--sandbox", "--yes");
  expect(status).toBe(3);
  for (const store of ["postgres-cluster", "valkey-cluster", "media-bucket", "backups-bucket"]) {
    expect(stderr).toContain(`whisper-production-${store}`);
  }
  expect(stderr).toContain(
    decommissionLines("production")
      .map((line) => `     ${line}\n`)
      .join(""),
  );
  expect(stderr).toContain("npx platform up production --sandbox\n");
  expect(stderr).toContain("npx platform destroy production --sandbox\n");
  expect(await platform.inventory()).toEqual(before);
});

it("goes in two recorded steps, which leave staging as it is, and then nothing", async () => {
  project.append(
    "Pulumi.production.yaml",
    "  whisper-platform:decommission: { confirm: production, reason: the end of a test }",
  );
  expect((await platform.run("up", "production", "--sandbox", "--yes")).status).toBe(0);
  const destroyed = await platform.run("destroy", "production", "--sandbox", "--yes");
  expect(destroyed.stderr).not.toContain("failed");
  expect(destroyed.status).toBe(0);
  expect((await platform.run("refresh", "staging", "--sandbox", "--expect-no-changes")).status).toBe(0);
  expect((await platform.run("destroy", "staging", "--sandbox", "--yes")).status).toBe(0);
  expect((await platform.run("sandbox", "inventory", "--json")).stdout.trim()).toBe("{}");
});
