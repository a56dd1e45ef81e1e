import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Deliverer } from "../../../images/gpu-pool-controller/src/delivery/deliverer.ts";
import {
  type Member,
  type Roll,
  readPool,
} from "../../../images/gpu-pool-controller/src/delivery/membership.ts";
import { metricsText } from "../../../images/gpu-pool-controller/src/delivery/metrics.ts";
import { converse, digestOf } from "../../../images/gpu-pool-controller/src/delivery/session.ts";
import { DigitalOcean } from "../../../images/gpu-pool-controller/src/digitalocean.ts";
import { type TestCloud, testCloud, testToken } from "../../sandbox/cloud/support/cloud.ts";
import { makeDroplet, makeSshKey, makeVpc } from "../../sandbox/cloud/support/fixtures.ts";
import { type DropletHost, dropletHost, makeKey, sshdIsHere } from "./droplet-host.ts";

if (!sshdIsHere) {
  if (process.env.CI === "true") throw new Error("openssh-server is not installed");
  process.stderr.write("NOT RUN: nobody delivers secrets (apt-get install openssh-server)\n");
}

const mark = "mark:5f2c0e9b";
const bundleOf = (password: string) =>
  JSON.stringify({
    "worker.env": `DATABASE_URL=postgresql://worker:${password}@db/whisper\n`,
    "docker/config.json": `{"auths":{"registry":{"auth":"${password}"}}}`,
  });

describe.skipIf(!sshdIsHere)("secrets", () => {
  const folder = mkdtempSync(join(tmpdir(), "delivery-"));
  const keyFile = makeKey(folder, "delivery");
  const publicKey = readFileSync(`${keyFile}.pub`, "utf8");
  let cloud: TestCloud;
  let vpcId: string;
  let api: DigitalOcean;
  const hosts = new Map<string, DropletHost>();

  /** Makes a droplet in the cloud, and the host that answers at its address. */
  async function droplet(overlay: object = {}, metadata?: (id: number) => Promise<void>) {
    const body = { region: "tor1", vpc_uuid: vpcId, tags: ["gpu", mark], ...overlay };
    const id = await makeDroplet(cloud, body);
    return { id, host: await hostFor(id, metadata) };
  }

  async function hostFor(id: number, asked: (id: number) => Promise<void> = async () => undefined) {
    cloud.advance(120_000);
    const { droplet: made } = await cloud.ok<{
      droplet: { tags: string[]; networks: { v4: { type: string; ip_address: string }[] } };
    }>("GET", `/v2/droplets/${id}`);
    const host = await dropletHost(publicKey, async () => {
      await asked(id);
      return { id, tags: made.tags };
    });
    const address = made.networks.v4.find(({ type }) => type === "private")?.ip_address ?? "";
    hosts.set(address, host);
    return host;
  }

  /** A deliverer for the pool, with all that it says. */
  function delivererFor(roll: Roll, at: (member: Member) => { host: string; port: number } | undefined) {
    const world = { bundle: bundleOf("first-password"), nowMs: 0, lines: [] as string[] };
    const hostKeyFolder = mkdtempSync(join(folder, "host-keys-"));
    const deliverer = new Deliverer({
      readPool: () => readPool(api, { roll, vpcId, mark }),
      bundle: async () => world.bundle,
      mark,
      converse: (member, hostKeyFile, decide) => {
        const place = at(member);
        if (place === undefined) throw new Error(`nobody is at ${member.address}`);
        return converse(
          { ...place, account: userInfo().username, keyFile, hostKeyFile, timeoutMs: 60_000 },
          decide,
        );
      },
      hostKeyFolder,
      log: (_, message, facts) => void world.lines.push(`${message} ${JSON.stringify(facts ?? {})}`),
      now: () => world.nowMs,
    });
    const round = async () => {
      await deliverer.round();
      return deliverer.view;
    };
    return { world, deliverer, round, said: () => world.lines.join("\n") };
  }
  const where = ({ address }: Member) => hosts.get(address)?.at;

  beforeAll(async () => {
    cloud = await testCloud();
    vpcId = await makeVpc(cloud, { region: "tor1" });
    await cloud.app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = cloud.app.server.address() as AddressInfo;
    api = new DigitalOcean({
      apiUrl: `http://127.0.0.1:${port}`,
      token: async () => testToken,
      timeoutMs: 60_000,
    });
  });
  beforeEach(async () => {
    for (const host of hosts.values()) await host.close();
    hosts.clear();
  });
  afterAll(async () => {
    for (const host of hosts.values()) await host.close();
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("come to a member of a fixed pool, readable by its owner alone, and to nobody else", async () => {
    const member = await droplet();
    const neighbour = await droplet();
    const { world, round, said } = delivererFor({ dropletIds: [member.id] }, where);
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
    const key = (await makeSshKey(cloud)).fingerprint;
    const { autoscale_pool: pool } = await cloud.ok<{ autoscale_pool: { id: string } }>(
      "POST",
      "/v2/droplets/autoscale",
      {
        name: "gpu",
        config: { target_number_instances: 1 },
        droplet_template: {
          region: "tor1",
          size: "s-1vcpu-1gb",
          image: "debian-12-x64",
          vpc_uuid: vpcId,
          ssh_keys: [key],
          tags: [mark],
          user_data: "#cloud-config\n",
        },
      },
    );
    cloud.advance(120_000);
    const { droplets } = await cloud.ok<{ droplets: { droplet_id: number }[] }>(
      "GET",
      `/v2/droplets/autoscale/${pool.id}/members`,
    );
    const stranger = await droplet();
    const host = await hostFor(droplets[0]?.droplet_id ?? 0);
    const { round } = delivererFor({ poolId: pool.id }, where);
    expect(await round()).toMatchObject({ members: 1, current: 1 });
    expect(host.read("worker.env")).toContain("first-password");
    expect(stranger.host.sessions()).toBe(0);
  });

  it("come neither to who is in another network, nor off, nor without the mark, nor gone", async () => {
    const elsewhere = await droplet({ vpc_uuid: await makeVpc(cloud, { name: "other", region: "tor1" }) });
    const unmarked = await droplet({ tags: ["gpu"] });
    const off = await droplet();
    await cloud.ok("POST", `/v2/droplets/${off.id}/actions`, { type: "power_off" });
    const gone = await droplet();
    await cloud.request("DELETE", `/v2/droplets/${gone.id}`);
    cloud.advance(120_000);
    const all = [elsewhere, unmarked, off, gone];
    const { round, said } = delivererFor({ dropletIds: all.map(({ id }) => id) }, where);
    expect(await round()).toMatchObject({ members: 0, strangers: 4, deliveries: 0 });
    for (const { host } of all) expect(host.sessions()).toBe(0);
    for (const why of ["in another VPC", "the pool's mark", "is off", "is gone"])
      expect(said()).toContain(why);
  });

  it("do not come to another machine at a member's address: it cannot read the member's metadata", async () => {
    const member = await droplet();
    const impostors = [
      { id: member.id, tags: ["gpu"] },
      { id: member.id + 1, tags: ["gpu", mark] },
    ];
    for (const metadata of impostors) {
      const impostor = await dropletHost(publicKey, async () => metadata);
      const { round, said } = delivererFor({ dropletIds: [member.id] }, () => impostor.at);
      expect(await round()).toMatchObject({ members: 1, current: 0, failing: 1, deliveries: 0 });
      expect(said()).toMatch(/does not know the pool's mark|answers at its address/);
      expect(impostor.files()).toEqual([]);
      await impostor.close();
    }
  });

  it("do not come to a member whose host key is another than before", async () => {
    const { id, host } = await droplet();
    const { round, said } = delivererFor({ dropletIds: [id] }, where);
    await round();
    host.reboot();
    host.changeHostKey();
    expect(await round()).toMatchObject({ failing: 1, deliveries: 1 });
    expect(host.files()).toEqual([]);
    expect(said()).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
  });

  it("do not come to who leaves the pool in the middle of it", async () => {
    const { id, host } = await droplet({}, async (leaving) => {
      await cloud.request("DELETE", `/v2/droplets/${leaving}`);
      cloud.advance(120_000);
    });
    const { round, said } = delivererFor({ dropletIds: [id] }, where);
    expect(await round()).toMatchObject({ failing: 1, deliveries: 0 });
    expect(host.sessions()).toBe(1);
    expect(host.files()).toEqual([]);
    expect(said()).toContain("has left the pool");
  });

  it("come again after a reboot, which keeps none", async () => {
    const { id, host } = await droplet();
    const { round } = delivererFor({ dropletIds: [id] }, where);
    await round();
    host.reboot();
    expect(await round()).toMatchObject({ current: 1, deliveries: 2 });
    expect(host.read("worker.env")).toContain("first-password");
  });

  it("are renewed one member after the other, each when the worker of the one before runs again", async () => {
    const members = [await droplet(), await droplet()];
    const { world, round } = delivererFor({ dropletIds: members.map(({ id }) => id) }, where);
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
    const members = [await droplet(), await droplet(), await droplet()];
    const { world, round } = delivererFor({ dropletIds: members.map(({ id }) => id) }, where);
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
    const { id, host } = await droplet();
    const { world, round } = delivererFor({ dropletIds: [id] }, where);
    await round();
    const before = host.files();
    const bundle = bundleOf("half-a-password");
    const client = ssh(host, keyFile);
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
    const { host } = await droplet();
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
    expect((await run(keyFile, "id")).output).toContain('"droplet"');
    expect((await run(keyFile, "id")).output).not.toContain("uid=");
    expect(await run(makeKey(folder, "other"), "serve")).toMatchObject({ code: 255, output: "" });
  });

  it("are told of in figures, without their values", async () => {
    const { id } = await droplet();
    const { deliverer, round } = delivererFor({ dropletIds: [id] }, where);
    await round();
    const text = metricsText(deliverer.view);
    expect(text).toContain('gpu_secrets_members{state="current"} 1');
    expect(text).not.toContain("password");
  });

  it("stay where they are while DigitalOcean does not answer", async () => {
    const { id } = await droplet();
    const { world, round } = delivererFor({ dropletIds: [id] }, where);
    await round();
    const dead = new DigitalOcean({ apiUrl: "http://127.0.0.1:1", token: async () => "", timeoutMs: 1000 });
    const alive = api;
    api = dead;
    world.bundle = bundleOf("second-password");
    expect(await round()).toMatchObject({ deliveries: 1, failures: 1 });
    api = alive;
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
