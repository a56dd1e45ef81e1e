import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestPlatform } from "./helpers/platform.ts";
import { platformProject } from "./helpers/platform-project.ts";

/** Production's life, each test behind the one before it. */
const project = platformProject();
const platform = createTestPlatform({ PLATFORM_PROJECT: project.folder });

beforeAll(async () => {
  await platform.run("sandbox", "start", "--latency-ms", "0");
});

afterAll(async () => {
  await platform.cleanUp();
  project.cleanUp();
});

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

it("is not destroyed while its stores are protected, and they are named", async () => {
  expect((await platform.run("up", "production", "--sandbox", "--yes")).status).toBe(0);
  const before = await platform.inventory();
  const { status, stderr } = await platform.run("destroy", "production", "--sandbox", "--yes");
  expect(status).toBe(3);
  for (const store of ["postgres-cluster", "valkey-cluster", "media-bucket", "backups-bucket"]) {
    expect(stderr).toContain(`whisper-production-${store}`);
  }
  expect(stderr).toContain("decommission");
  expect(await platform.inventory()).toEqual(before);
});

it("goes in two recorded steps, and leaves nothing", async () => {
  project.append(
    "Pulumi.production.yaml",
    "  whisper-platform:decommission: { confirm: production, reason: the end of a test }",
  );
  expect((await platform.run("up", "production", "--sandbox", "--yes")).status).toBe(0);
  const destroyed = await platform.run("destroy", "production", "--sandbox", "--yes");
  expect(destroyed.stderr).not.toContain("failed");
  expect(destroyed.status).toBe(0);
  expect((await platform.run("sandbox", "inventory", "--json")).stdout.trim()).toBe("{}");
});
