import { describe, expect, it } from "vitest";
import { fixtureProject, vpcProgram } from "./helpers/fixture-project.ts";
import { livePlatform, until } from "./helpers/platform.ts";
import { strike, type Victim } from "./helpers/victims.ts";

const vpcCount = 4;
const project = fixtureProject({ program: vpcProgram(vpcCount) });
const platform = livePlatform(project);

/** The cloud neither does what it is asked nor answers, until the faults are cleared: creates stay under way. */
const held = { hold: true as const, method: "POST", path: "/v2/vpcs", times: vpcCount };
/** The cloud does what it is asked, is silent until the faults are cleared, and its answer is lost then. */
const silent = { ...held, drop: "after" as const };

const isCreating = async () =>
  (await platform.client().callsInFlight()).some(({ method }) => method === "create");

/** The interrupt has come through the command and the engine to the plugins. */
const isToldToStop = async () => {
  const calls = await platform.client().callsInFlight();
  return calls.length > 0 && calls.every(({ cancelled }) => cancelled);
};

const vpcs = async () => (await platform.inventory()).vpcs ?? [];

describe.each<{ moment: string; fault: typeof held | typeof silent; victims: Victim[] }>([
  { moment: "before the cloud has anything", fault: held, victims: ["engine"] },
  { moment: "before the cloud has anything", fault: held, victims: ["command"] },
  { moment: "when the cloud has it and nobody was told", fault: silent, victims: ["sandbox"] },
  { moment: "when the cloud has it and nobody was told", fault: silent, victims: ["engine", "command"] },
])("$victims killed in the middle of an up, $moment", ({ fault, victims }) => {
  it("the next up goes on: nothing is lost, nothing is there twice", async () => {
    await platform.client().setFaults({ rules: [fault] });
    const command = platform.start("up", "staging", "--sandbox", "--yes");
    await until("creates are under way", fault === held ? isCreating : async () => (await vpcs()).length > 0);
    strike(platform, command.pid, victims);
    expect((await command).exitCode).not.toBe(0);
    // It only reads: what the next up needs to know of the killed run stays.
    expect((await platform.run("status", "staging", "--sandbox")).status).toBe(0);

    await platform.run("sandbox", "start");
    await platform.client().clearFaults();
    const next = await platform.run("up", "staging", "--sandbox", "--yes");
    expect(next.stderr).not.toContain("failed");
    expect(next.status).toBe(0);
    expect((await vpcs()).map(({ name }) => name)).toEqual(
      Array.from({ length: vpcCount }, (_, index) => `test-vpc-${index}`),
    );
    expect((await platform.run("refresh", "staging", "--sandbox", "--expect-no-changes")).status).toBe(0);

    expect((await platform.run("destroy", "staging", "--sandbox", "--yes")).status).toBe(0);
    expect(await platform.inventory()).toEqual({});
  });
});

it("an interrupt lets what is under way finish and records it; meanwhile nobody else may work there", async () => {
  await platform.client().setFaults({ rules: [held] });
  const command = platform.start("up", "staging", "--sandbox", "--yes");
  await until("creates are under way", isCreating);
  const other = await platform.run("up", "staging", "--sandbox", "--yes");
  expect(other.status).toBe(1);
  expect(other.stderr).toContain(`process ${command.pid}`);
  expect((await platform.run("status", "staging", "--sandbox")).status).toBe(0);
  command.kill("SIGINT");
  await until("the plugins are told", isToldToStop);
  await platform.client().clearFaults();
  const { exitCode, stderr } = await command;
  expect(stderr).toContain("Interrupted");
  expect(exitCode).toBe(1);

  const next = await platform.run("up", "staging", "--sandbox", "--yes");
  expect(next.status).toBe(0);
  expect(next.stderr).not.toContain("Taking away the lock");
  expect(await vpcs()).toHaveLength(vpcCount);
  expect((await platform.run("destroy", "staging", "--sandbox", "--yes")).status).toBe(0);
});

it("a reader that goes away in the middle leaves an up that finishes, and hears an interrupt", async () => {
  const unread = async () => {
    await platform.client().setFaults({ rules: [held] });
    const command = platform.start("up", "staging", "--sandbox", "--yes");
    await until("creates are under way", isCreating);
    command.stdout.destroy();
    command.stderr.destroy();
    return { command, exitCode: new Promise((resolve) => command.once("exit", resolve)) };
  };
  const interrupted = await unread();
  interrupted.command.kill("SIGINT");
  await until("the plugins are told", isToldToStop);
  await platform.client().clearFaults();
  expect(await interrupted.exitCode).toBe(1);
  expect((await platform.run("destroy", "staging", "--sandbox", "--yes")).status).toBe(0);
  const undisturbed = await unread();
  await platform.client().clearFaults();
  expect(await undisturbed.exitCode).toBe(0);
  expect((await platform.run("refresh", "staging", "--sandbox", "--expect-no-changes")).status).toBe(0);
  expect((await platform.run("destroy", "staging", "--sandbox", "--yes")).status).toBe(0);
});
