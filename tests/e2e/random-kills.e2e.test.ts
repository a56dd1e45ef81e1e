import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { postgres } from "../../catalog/engines.ts";
import { fixtureProject } from "./helpers/fixture-project.ts";
import { livePlatform, until } from "./helpers/platform.ts";
import { leftProcesses, strike, type Victim } from "./helpers/victims.ts";

/** Another seed, or more trials: RANDOM_KILLS_SEED=7 RANDOM_KILLS_TRIALS=50 npx vitest run random-kills. */
const seed = Number(process.env.RANDOM_KILLS_SEED ?? 1);
const trialCount = Number(process.env.RANDOM_KILLS_TRIALS ?? 4);

/** Things that lie in others, have secrets, are replaced, are made twice under one name if nobody looks. */
const program = (version: number) => `
import { secret } from "@pulumi/pulumi";
import * as d from "@pulumi/digitalocean";
import { RandomPassword } from "@pulumi/random";
const region = "tor1";
export async function program() {
  const password = new RandomPassword("password", { length: 20 });
  const vpc = new d.Vpc("vpc", { name: "vpc", region, ipRange: "10.77.0.0/16" });
  new d.Tag("tag", { name: "tag" });
  const domain = new d.Domain("domain", { name: "kills.example.com" });
  for (const name of ["one", "two", "three"]) {
    new d.DnsRecord(name, { domain: domain.name, type: "A", name, value: "198.51.100.${version}" });
    new d.Volume(name, { name, region, size: 10, description: "version ${version}" });
  }
  const receivers = { emails: ["a@example.com"], slacks: [{ channel: "#a", url: secret("https://example.com/hook") }] };
  const check = new d.UptimeCheck("check", { name: "check", target: "https://example.com", regions: ["us_east"] });
  new d.UptimeAlert("down", { checkId: check.id, name: "down", type: "down", period: "2m", notifications: [receivers] });
  const type = "v1/insights/droplet/cpu";
  const threshold = { compare: "GreaterThan", value: 90, window: "5m" };
  new d.MonitorAlert("cpu", { description: "cpu", type, ...threshold, tags: ["tag"], alerts: receivers });
  const size = "db-s-1vcpu-1gb";
  const engine = { engine: "pg", version: "${postgres.defaultVersion}" };
  const store = new d.DatabaseCluster("store", { name: "store", ...engine, size, region, nodeCount: 1, privateNetworkUuid: vpc.id });
  new d.DatabaseUser("user", { clusterId: store.id, name: "user" });
  new d.DatabaseDb("data", { clusterId: store.id, name: "data" });
  const bucket = new d.SpacesBucket("bucket", { name: "random-kills", region });
  new d.SpacesKey("key", { name: "key", grants: [{ bucket: bucket.name, permission: "read" }] });
  return { password: password.result };
}
`;

/**
 * What a command is doing when it is struck, and how many requests of each kind it sends at least. A change updates the
 * records in place, and replaces the volumes.
 */
const work = {
  create: { verb: "up", requests: { POST: 16 } },
  change: { verb: "up", requests: { PUT: 3, DELETE: 3, POST: 3 } },
  refresh: { verb: "refresh", requests: { GET: 12 } },
  destroy: { verb: "destroy", requests: { DELETE: 16 } },
} as const;

/** Random choices; numbers from 0 to 1 choose among what there is then. */
const trials = fc.record({
  work: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  method: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  request: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  /** Whether the cloud does what the requests ask from that moment on, and the answers are lost, or does it later. */
  lost: fc.boolean(),
  victims: fc.subarray<Victim>(["command", "engine", "plugins", "sandbox"], { minLength: 1 }),
  signal: fc.constantFrom("SIGKILL", "SIGKILL", "SIGINT", "SIGTERM"),
  next: fc.constantFrom("up", "destroy"),
});

const project = fixtureProject({ program: program(1), policies: "[]" });
const platform = livePlatform(project);
const into = (verb: string, ...flags: string[]) => platform.run(verb, "staging", "--sandbox", ...flags);
const choose = <T>(options: readonly T[], fraction: number): T =>
  options[Math.floor(fraction * options.length)] as T;

/** What there is, whatever ids it has. */
const names = async () =>
  Object.fromEntries(
    Object.entries(await platform.inventory()).map(([kind, entries]) => [
      kind,
      entries.map(({ name }) => name.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")).sort(),
    ]),
  );

let whole: Awaited<ReturnType<typeof names>>;
let isUp = false;
let version = 1;

beforeAll(async () => {
  const { status, stderr } = await into("up", "--yes");
  expect(status, stderr).toBe(0);
  whole = await names();
  isUp = true;
});

/** Runs a command until the n-th request of its kind, and strikes. @returns What it said. */
async function runAndStrike(
  verb: string,
  rule: { method: string; after: number; lost: boolean },
  victims: readonly Victim[],
  signal: NodeJS.Signals,
): Promise<string> {
  const { method, after, lost } = rule;
  const effect = { hold: true as const, ...(lost && { drop: "after" as const }) };
  await platform.client().setFaults({ rules: [{ method, path: "/v2/**", after, ...effect }] });
  const command = platform.start(verb, "staging", "--sandbox", "--yes");
  let ended = false;
  void command.finally(() => {
    ended = true;
  });
  const struck = async () => (await platform.client().faults()).rules.some((of) => of.struck > 0);
  await until(`${method} ${after} or the end`, async () => ended || (await struck()));
  expect(ended, `${verb} ended before ${after} requests with ${method}`).toBe(false);
  strike(platform, command.pid, victims, signal);
  if (!victims.includes("sandbox")) await platform.client().clearFaults();
  const { stdout, stderr } = await command;
  return `${stdout}\n${stderr}`;
}

describe(`killed at random (RANDOM_KILLS_SEED=${seed})`, () => {
  it.each(
    fc.sample(fc.noBias(trials), { seed, numRuns: trialCount }).map((trial, index) => ({
      ...trial,
      title: `trial ${index + 1}: ${trial.victims.join(", ")} with ${trial.signal}, answers ${trial.lost ? "lost" : "late"}`,
    })),
  )("$title", async (trial) => {
    const kind = isUp ? choose(["change", "refresh", "destroy"] as const, trial.work) : "create";
    const { verb, requests } = work[kind];
    const [method, count] = choose(Object.entries(requests), trial.method);
    if (kind === "change") project.writeProgram(program(++version));
    const after = Math.floor(trial.request * count);
    const said = await runAndStrike(verb, { method, after, lost: trial.lost }, trial.victims, trial.signal);
    expect(said).not.toContain("fault of the platform");

    const next = kind === "destroy" ? trial.next : "up";
    const outcome = await into(next, "--yes");
    const about = `${kind}, struck at ${method} ${after}, said:\n${said}\nthe next ${next} said:\n${outcome.stderr}`;
    expect(outcome.status, about).toBe(0);
    isUp = next === "up";
    expect(await names(), about).toEqual(isUp ? whole : {});
    const refreshed = await into("refresh", "--expect-no-changes");
    expect(refreshed.status, `${about}\n${refreshed.stdout}`).toBe(0);
    if (process.platform === "linux") expect(leftProcesses(platform), about).toEqual([]);
  });

  it("nothing is left when all is done", async () => {
    const { status, stderr } = await into("destroy", "--yes");
    expect(status, stderr).toBe(0);
    expect(await platform.inventory()).toEqual({});
  });
});
