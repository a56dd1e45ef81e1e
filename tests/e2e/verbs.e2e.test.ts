import { afterAll, beforeAll, expect, it } from "vitest";
import { fixtureProject, vpcProgram } from "./helpers/fixture-project.ts";
import { createTestPlatform } from "./helpers/platform.ts";

/** What the verbs say, on the cheapest environment there is; each test behind the one before it. */
const project = fixtureProject({ program: vpcProgram(1) });
const platform = createTestPlatform({ PLATFORM_PROJECT: project.folder });
const onStaging = (verb: string, ...flags: string[]) => platform.run(verb, "staging", "--sandbox", ...flags);

beforeAll(async () => {
  await platform.run("sandbox", "start", "--latency-ms", "0");
  expect((await onStaging("up", "--yes")).status).toBe(0);
});

afterAll(async () => {
  await platform.cleanUp();
  project.cleanUp();
});

/** Changes the VPC behind the engine's back. */
async function describeVpc(description: string): Promise<void> {
  const { ports, apiToken } = platform.record();
  const [vpc] = (await platform.inventory()).vpcs ?? [];
  const answer = await fetch(`http://127.0.0.1:${ports.api}/v2/vpcs/${vpc?.id}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
    body: JSON.stringify({ description }),
  });
  expect(answer.status).toBe(200);
}

it("drift is one JSON document, one sentence for people, and status 1", async () => {
  await describeVpc("made by somebody else");
  const { status, stdout, stderr } = await onStaging("refresh", "--expect-no-changes", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ drift: true, steps: [{ name: "test-vpc-0" }] });
  expect(stderr).toContain("staging has drifted");
  expect(status).toBe(1);
  await describeVpc("made by a test");
  expect((await onStaging("refresh", "--expect-no-changes")).status).toBe(0);
});
