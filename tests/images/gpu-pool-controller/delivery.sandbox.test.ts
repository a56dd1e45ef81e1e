import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Deliverer } from "../../../images/gpu-pool-controller/src/delivery/deliverer.ts";
import type { Member, Roll } from "../../../images/gpu-pool-controller/src/delivery/membership.ts";
import { metricsText } from "../../../images/gpu-pool-controller/src/delivery/metrics.ts";
import { digestOf } from "../../../images/gpu-pool-controller/src/delivery/session.ts";
import { DigitalOcean } from "../../../images/gpu-pool-controller/src/digitalocean.ts";
import { makeVpc } from "../../sandbox/cloud/support/fixtures.ts";
import { bundleOf, type DropletCloud, mark, openDropletCloud } from "./droplet-cloud.ts";
import { type DropletHost, dropletHost, makeKey, sshdIsHere } from "./droplet-host.ts";

if (!sshdIsHere) {
  if (process.env.CI === "true") throw new Error("openssh-server is not installed");
  process.stderr.write("NOT RUN: nobody delivers secrets (apt-get install openssh-server)\n");
}

describe.skipIf(!sshdIsHere)("secrets", () => {
  let cloud: DropletCloud;
  beforeAll(async () => {
    cloud = await openDropletCloud();
  });
  beforeEach(() => cloud.clear());
  afterAll(() => cloud.close());

  /** A deliverer for the pool, with all that it says. */
  function delivererFor(roll: Roll, at: (member: Member) => { host: string; port: number } = cloud.where) {
    const world = { bundle: bundleOf("first-password"), nowMs: 0, lines: [] as string[] };
    const deliverer = new Deliverer({
      ...cloud.access(roll, at),
      bundle: async () => world.bundle,
      log: (_, message, facts) => void world.lines.push(`${message} ${JSON.stringify(facts ?? {})}`),
      now: () => world.nowMs,
    });
    const round = async () => {
      await deliverer.round();
      return deliverer.view;
    };
    return { world, deliverer, round, said: () => world.lines.join("\n") };
  }

  it("come to a member of a fixed pool, readable by its owner alone, and to nobody else", async () => {
    const member = await cloud.droplet();
    const neighbour = await cloud.droplet();
    const { world, round, said } = delivererFor({ dropletIds: [member.id] });
    expect(await round()).toMatchObject({ members: 1, current: 1, failing: 0, deliveries: 1 });
    expect(member.host.read("worker.env")).toBe(
      "DATABASE_URL=postgresql://worker:first-password@db/whisper\n",
    );
    expect(member.host.read("docker/config.json")).toContain("first-password");
    for (const { mode } of member.host.files()) expect(mode).toBe(0o600);
    expect(neighbour.host.sessions()).toBe(0);

    expect(await round()).toMatchObject({ current: 1, deliveries: 1 });
    expect(world.lines).toHaveLength(1);
    expect(said()).not.toContain("first-password");
  });

  it("come to the members of an elastic pool", async () => {
    const { poolId, members } = await cloud.autoscalePool();
    const stranger = await cloud.droplet();
    const { round } = delivererFor({ poolId });
    expect(await round()).toMatchObject({ members: 1, current: 1 });
    expect(members[0]?.host.read("worker.env")).toContain("first-password");
    expect(stranger.host.sessions()).toBe(0);
  });

  it("come neither to who is in another network, nor off, nor without the mark, nor gone", async () => {
    const elsewhere = await cloud.droplet({
      vpc_uuid: await makeVpc(cloud.api, { name: "other", region: "tor1" }),
    });
    const unmarked = await cloud.droplet({ tags: ["gpu"] });
    const off = await cloud.droplet();
    await cloud.api.ok("POST", `/v2/droplets/${off.id}/actions`, { type: "power_off" });
    const gone = await cloud.droplet();
    await cloud.remove(gone.id);
    const all = [elsewhere, unmarked, off, gone];
    const { round, said } = delivererFor({ dropletIds: all.map(({ id }) => id) });
    expect(await round()).toMatchObject({ members: 0, strangers: 4, deliveries: 0 });
    for (const { host } of all) expect(host.sessions()).toBe(0);
    for (const why of ["in another VPC", "the pool's mark", "is off", "is gone"])
      expect(said()).toContain(why);
  });

  it("do not come to another machine at a member's address: it cannot read the member's metadata", async () => {
    const member = await cloud.droplet();
    const impostors = [
      { id: member.id, tags: ["gpu"] },
      { id: member.id + 1, tags: ["gpu", mark] },
    ];
    for (const metadata of impostors) {
      const impostor = await dropletHost(cloud.publicKey, async () => metadata);
      const { round, said } = delivererFor({ dropletIds: [member.id] }, () => impostor.at);
      expect(await round()).toMatchObject({ members: 1, current: 0, failing: 1, deliveries: 0 });
      expect(said()).toMatch(/does not know the pool's mark|answers at its address/);
      expect(impostor.files()).toEqual([]);
      await impostor.close();
    }
  });

  it("do not come to a member whose host key is another than before", async () => {
    const { id, host } = await cloud.droplet();
    const { round, said } = delivererFor({ dropletIds: [id] });
    await round();
    host.reboot();
    host.changeHostKey();
    expect(await round()).toMatchObject({ failing: 1, deliveries: 1 });
    expect(host.files()).toEqual([]);
    expect(said()).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
  });

  it("do not come to who leaves the pool in the middle of it", async () => {
    const { id, host } = await cloud.droplet({}, async (leaving) => {
      await cloud.remove(leaving);
    });
    const { round, said } = delivererFor({ dropletIds: [id] });
    expect(await round()).toMatchObject({ failing: 1, deliveries: 0 });
    expect(host.sessions()).toBe(1);
    expect(host.files()).toEqual([]);
    expect(said()).toContain("has left the pool");
  });

  it("come again after a reboot, which keeps none", async () => {
    const { id, host } = await cloud.droplet();
    const { round } = delivererFor({ dropletIds: [id] });
    await round();
    host.reboot();
    expect(await round()).toMatchObject({ current: 1, deliveries: 2 });
    expect(host.read("worker.env")).toContain("first-password");
  });

  it("are renewed one member after the other, each when the worker of the one before runs again", async () => {
    const members = [await cloud.droplet(), await cloud.droplet()];
    const { world, round } = delivererFor({ dropletIds: members.map(({ id }) => id) });
    await round();
    world.bundle = bundleOf("second-password");
    const renewed = () => members.filter(({ host }) => host.read("worker.env").includes("second-password"));
    expect(await round()).toMatchObject({ current: 1 });
    const [first] = renewed();
    first?.host.setWorker("deactivating");
    expect(await round()).toMatchObject({ current: 1 });
    expect(renewed()).toEqual([first]);
    first?.host.setWorker("active");
    expect(await round()).toMatchObject({ current: 2, deliveries: 4 });
    expect(renewed()).toHaveLength(2);
    for (const { host } of members)
      expect(JSON.stringify(host.files().map(({ content }) => content))).not.toContain("first");
  });

  it("are renewed all the same when a worker does not come up with them, and at once for one that does not run", async () => {
    const members = [await cloud.droplet(), await cloud.droplet(), await cloud.droplet()];
    const { world, round } = delivererFor({ dropletIds: members.map(({ id }) => id) });
    await round();
    const [, , broken] = members;
    broken?.host.setWorker("failed");
    world.bundle = bundleOf("second-password");
    expect(await round()).toMatchObject({ current: 1 });
    expect(broken?.host.read("worker.env")).toContain("second-password");
    expect(await round()).toMatchObject({ current: 1 });
    world.nowMs += 3_600_000;
    expect(await round()).toMatchObject({ current: 2 });
  });

  it("stand in no process list, and a delivery that breaks off in the middle leaves nothing", async () => {
    const { id, host } = await cloud.droplet();
    const { world, round } = delivererFor({ dropletIds: [id] });
    await round();
    const before = host.files();
    const bundle = bundleOf("half-a-password");
    const client = ssh(host, cloud.keyFile);
    await once(client.stdout, "data");
    client.stdin.write(`{"bytes":${bundle.length},"sha256":"${digestOf(bundle)}"}\n${bundle.slice(0, -20)}`);
    expect(everyCommandLine()).not.toContain("half-a-password");
    client.kill("SIGKILL");
    await once(client, "close");
    expect(await round()).toMatchObject({ current: 1, deliveries: 1 });
    expect(host.files()).toEqual(before);

    world.bundle = bundle;
    await round();
    expect(host.read("worker.env")).toContain("half-a-password");
    expect(host.log()).not.toContain("half-a-password");
  });

  it("give an SSH session for nothing else, and to nobody else", async () => {
    const { host } = await cloud.droplet();
    const run = async (key: string, command: string) => {
      const client = ssh(host, key, command);
      client.stdin.end();
      let output = "";
      client.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
      const [code] = await once(client, "close");
      return { code, output };
    };
    expect((await run(cloud.keyFile, "id")).output).toContain('"droplet"');
    expect((await run(cloud.keyFile, "id")).output).not.toContain("uid=");
    expect(await run(makeKey(cloud.folder, "other"), "serve")).toMatchObject({ code: 255, output: "" });
  });

  it("are told of in figures, without their values", async () => {
    const { id } = await cloud.droplet();
    const { deliverer, round } = delivererFor({ dropletIds: [id] });
    await round();
    const text = metricsText(deliverer.view);
    expect(text).toContain('gpu_secrets_members{state="current"} 1');
    expect(text).not.toContain("password");
  });

  it("stay where they are while DigitalOcean does not answer", async () => {
    const { id } = await cloud.droplet();
    const { world, round } = delivererFor({ dropletIds: [id] });
    await round();
    const alive = cloud.client;
    cloud.client = new DigitalOcean({ apiUrl: "http://127.0.0.1:1", token: async () => "", timeoutMs: 1000 });
    world.bundle = bundleOf("second-password");
    expect(await round()).toMatchObject({ deliveries: 1, failures: 1 });
    cloud.client = alive;
    expect(await round()).toMatchObject({ current: 1, deliveries: 2 });
  });
});

/** A session as anybody could have it who has a key. */
function ssh(host: DropletHost, key: string, command = "serve") {
  const options = ["BatchMode=yes", "IdentitiesOnly=yes", "LogLevel=ERROR", "StrictHostKeyChecking=no"];
  const all = [...options, "UserKnownHostsFile=/dev/null"].flatMap((option) => ["-o", option]);
  const to = ["-p", String(host.at.port), "-l", userInfo().username, host.at.host];
  return spawn("ssh", ["-F", "none", "-i", key, ...all, ...to, command]);
}

/** Arguments and environments of every process that can be seen. */
function everyCommandLine(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ["cmdline", "environ"].map((kind) => `/proc/${pid}/${kind}`))
    .map((file) => {
      try {
        return readFileSync(file, "utf8");
      } catch {
        // It has ended meanwhile, or is another's.
        return "";
      }
    })
    .join("\n");
}
