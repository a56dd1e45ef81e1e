import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { fixtureProject, vpcProgram } from "./helpers/fixture-project.ts";
import { livePlatform } from "./helpers/platform.ts";

/** What the verbs say, on the cheapest environment there is; each test behind the one before it. */
const project = fixtureProject({ program: vpcProgram(1) });
const platform = livePlatform(project);
const stateFile = join(platform.home.state, ".pulumi/stacks/whisper-platform/staging.json");
const onStaging = (verb: string, ...flags: string[]) => platform.run(verb, "staging", "--sandbox", ...flags);

beforeAll(async () => {
  expect((await onStaging("up", "--yes")).status).toBe(0);
});

it("what the state keeps of a resource is the resource, and not where in the program it was made", () => {
  const state = readFileSync(stateFile, "utf8");
  expect(state).toContain("test-vpc-0");
  expect(state).not.toMatch(/stackTrace|sourcePosition/);
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

it("a preview that fails says so in the comment too", async () => {
  project.writeProgram('export const program = async () => { throw new Error("no such size"); };');
  const { status, stdout } = await onStaging("preview", "--markdown");
  expect(stdout).toMatch(/^### ❌ staging: .* the preview failed/);
  expect(stdout).toContain("no such size");
  expect(status).toBe(1);
});

it("arguments that the program refuses are wrong configuration, told once", async () => {
  project.writeProgram(`
import { RunError } from "@pulumi/pulumi";
export const program = async () => { throw new RunError("The arguments of edge have 1 fault"); };
`);
  const { status, stderr } = await onStaging("up", "--yes");
  expect(stderr.match(/The arguments of edge/g)).toHaveLength(1);
  expect(status).toBe(2);
});

it("a store's protection is shown when it is set, and asked about before it is lifted", async () => {
  const open = vpcProgram(1);
  const closed = open.replace(",\n  }));", ",\n  }, { protect: true }));");
  expect(closed).not.toBe(open);
  const change = { path: "protect", kind: "update", replaces: false };
  project.writeProgram(closed);
  expect(await platform.json("up", "staging", "--sandbox", "--yes")).toMatchObject({
    plan: { steps: [{ name: "test-vpc-0", operation: "update", changes: [{ ...change, after: true }] }] },
    applied: { counts: { update: 1 } },
  });
  project.writeProgram(open);
  const asked = await onStaging("up");
  expect(asked.stderr).toMatch(/This store loses its protection.*\n +test-vpc-0 /);
  expect(asked.stderr).toMatch(/nobody to ask.*Previewing.*nobody to ask/s);
  expect(asked.status).toBe(2);
  expect((await onStaging("destroy", "--yes")).status).toBe(3);
  expect((await onStaging("up", "--yes")).stdout).toContain("staging is up: 1 updated.");
});

it("an up without changes writes nothing, unless the program was edited: what only the state knows shows in no plan", async () => {
  const before = readFileSync(stateFile, "utf8");
  expect((await onStaging("up", "--yes")).stdout).toContain("staging is up: 1 unchanged.");
  expect(readFileSync(stateFile, "utf8")).toBe(before);
  project.writeProgram(vpcProgram(1).replace(",\n  }));", ",\n  }, { retainOnDelete: true }));"));
  expect((await onStaging("up", "--yes")).stdout).toContain("staging is up: 1 unchanged.");
  expect(readFileSync(stateFile, "utf8")).toContain('"retainOnDelete":true');
});
