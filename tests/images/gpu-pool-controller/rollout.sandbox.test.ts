import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unhealthyExitCode } from "../../../components/gpu-pool/rollout.ts";
import { Deliverer } from "../../../images/gpu-pool-controller/src/delivery/deliverer.ts";
import type { Member, Roll } from "../../../images/gpu-pool-controller/src/delivery/membership.ts";
import {
  type GateRules,
  passGate,
  UnhealthyError,
} from "../../../images/gpu-pool-controller/src/rollout/gate.ts";
import { tellsMetrics } from "../../../images/gpu-pool-controller/src/rollout/run.ts";
import { makeVpc } from "../../sandbox/cloud/support/fixtures.ts";
import { bundleOf, type DropletCloud, type HostedDroplet, openDropletCloud } from "./droplet-cloud.ts";
import { dropletHost, sshdIsHere } from "./droplet-host.ts";

if (!sshdIsHere) {
  if (process.env.CI === "true") throw new Error("openssh-server is not installed");
  process.stderr.write("NOT RUN: nobody rolls out droplets (apt-get install openssh-server)\n");
}

const pauseMs = 10_000;
const patience = { healthDeadlineMs: 600_000, steadyMs: pauseMs, patienceMs: 2 * pauseMs };

describe.skipIf(!sshdIsHere)("a pool's droplets go", () => {
  let cloud: DropletCloud;
  beforeAll(async () => {
    cloud = await openDropletCloud();
  });
  beforeEach(() => cloud.clear());
  afterAll(() => cloud.close());

  /** Brings droplets the secrets that they work with. */
  async function supply(...droplets: HostedDroplet[]): Promise<void> {
    const deliverer = new Deliverer({
      ...cloud.access({ dropletIds: droplets.map(({ id }) => id) }, cloud.where),
      bundle: async () => bundleOf("password"),
      log: () => undefined,
      now: () => 0,
    });
    await deliverer.round();
    for (const { host } of droplets) expect(host.isSupplied()).toBe(true);
  }

  /** A droplet that was supplied long ago. */
  async function worker(overlay?: object): Promise<HostedDroplet> {
    const droplet = await cloud.droplet(overlay);
    await supply(droplet);
    return droplet;
  }

  /** What systemd does once secrets were given up: it stops the worker, which has no job. */
  function systemd(...droplets: HostedDroplet[]): void {
    for (const { host } of droplets) if (!host.isSupplied()) host.setWorker("inactive");
  }

  interface World {
    readonly roll: Roll;
    readonly rules?: Partial<GateRules>;
    /** Whose workers answer. Default: everybody's. */
    readonly answers?: (member: Member) => boolean;
    readonly at?: Parameters<DropletCloud["access"]>[1];
    /** What happens after each look, by its number. */
    readonly meanwhile?: (look: number) => Promise<void> | void;
  }

  /** Passes the gate, in a time of its own. @returns what was said, and how long it took */
  async function pass({ roll, rules, answers = () => true, at = cloud.where, meanwhile }: World) {
    const lines: string[] = [];
    let nowMs = 0;
    let looks = 0;
    const passed = passGate({
      ...cloud.access(roll, at),
      rules: { ...patience, ...rules },
      answers: async (member) => answers(member),
      log: (_, message) => void lines.push(message),
      now: () => nowMs,
      pause: async () => {
        nowMs += pauseMs;
        looks += 1;
        await meanwhile?.(looks);
      },
    });
    const error = await passed.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { error, said: lines.join("\n"), looks };
  }

  it("once those that stay have worked for a while, and after their workers have finished", async () => {
    const [stays, goes] = [await worker(), await worker()];
    const { error, said } = await pass({
      roll: { dropletIds: [stays.id] },
      meanwhile: (look) => {
        // They have been seen to work, not yet for long enough.
        if (look === 1) expect(goes.host.sessions()).toBe(1);
        systemd(goes);
      },
    });
    expect(error).toBeUndefined();
    expect(said).toMatch(/1 of 1 droplets work[\s\S]*has finished/);
    expect(goes.host.isSupplied()).toBe(false);
    expect(stays.host.isSupplied()).toBe(true);
  });

  it("not while one that stays never works: nobody is so much as spoken to, and the reason names it", async () => {
    const [works, without, crashes, silent] = [
      await worker(),
      await cloud.droplet(),
      await worker(),
      await worker(),
    ];
    crashes.host.setWorker("activating");
    const goes = await worker();
    const before = goes.host.sessions();
    const { error, looks } = await pass({
      roll: { dropletIds: [works, without, crashes, silent].map(({ id }) => id) },
      rules: { healthDeadlineMs: 3 * pauseMs },
      answers: ({ id }) => id !== silent.id,
    });
    expect(error).toBeInstanceOf(UnhealthyError);
    expect(String(error)).toMatch(/1 of 4 droplets work after 30 s, so none was told to go/);
    for (const fault of ["works", "has no secrets yet", "is activating", "does not answer"])
      expect(String(error)).toContain(fault);
    expect(looks).toBe(3);
    expect(goes.host.sessions()).toBe(before);
    expect(goes.host.isSupplied()).toBe(true);
  });

  it("not before one that is slow works without a break, however often it starts", async () => {
    const [slow, goes] = [await cloud.droplet(), await worker()];
    slow.host.setWorker("inactive");
    const { error, looks } = await pass({
      roll: { dropletIds: [slow.id] },
      meanwhile: async (look) => {
        if (look === 2) await supply(slow);
        // It crashes after each start, but for the last.
        if (look >= 3) slow.host.setWorker(look % 2 === 1 || look > 7 ? "active" : "activating");
        if (look < 7) expect(goes.host.isSupplied()).toBe(true);
        systemd(goes);
      },
    });
    expect(error).toBeUndefined();
    expect(looks).toBeGreaterThan(7);
    expect(goes.host.isSupplied()).toBe(false);
  });

  it("when a long job is done, however long that takes, and others meanwhile", async () => {
    const [stays, long, short] = [await worker(), await worker(), await worker()];
    const { error, looks } = await pass({
      roll: { dropletIds: [stays.id] },
      meanwhile: (look) => {
        systemd(short);
        if (!long.host.isSupplied()) long.host.setWorker(look < 6 ? "deactivating" : "inactive");
      },
    });
    expect(error).toBeUndefined();
    // Longer than anybody's patience.
    expect(looks).toBeGreaterThanOrEqual(6);
  });

  it("when they are gone already, before anybody spoke to them or in the middle of it", async () => {
    const [stays, gone, going] = [await worker(), await worker(), await worker()];
    await cloud.remove(gone.id);
    const { error } = await pass({
      roll: { dropletIds: [stays.id] },
      meanwhile: async () => {
        if (going.host.isSupplied()) return;
        going.host.setWorker("deactivating");
        await cloud.remove(going.id);
      },
    });
    expect(error).toBeUndefined();
    expect(gone.host.sessions()).toBe(1);
  });

  it("as they are when they cannot be told: out of reach, deaf, or made before they knew how", async () => {
    const [stays, lost, deaf, old] = [await worker(), await worker(), await worker(), await worker()];
    old.host.install('#!/bin/sh\necho \'{"error": "KeyError"}\'\n');
    await lost.host.close();
    const { error, said } = await pass({ roll: { dropletIds: [stays.id] } });
    expect(error).toBeUndefined();
    expect(said.match(/goes without having finished/g)).toHaveLength(3);
    expect(said).toContain("to another worker: active");
    expect(said).toContain("to another worker: the droplet says: KeyError");
    expect(deaf.host.isSupplied()).toBe(false);
  });

  it("and nobody else is told to: neither who is in another network, nor another machine at the address", async () => {
    const [stays, goes] = [await worker(), await worker()];
    const elsewhere = await cloud.droplet({
      vpc_uuid: await makeVpc(cloud.api, { name: "b", region: "tor1" }),
    });
    const impostor = await dropletHost(cloud.publicKey, async () => ({ id: goes.id, tags: ["gpu"] }));
    const { error, said } = await pass({
      roll: { dropletIds: [stays.id] },
      at: (member) => (member.id === goes.id ? impostor.at : cloud.where(member)),
    });
    expect(error).toBeUndefined();
    expect(said).toContain("does not know the pool's mark");
    expect(elsewhere.host.sessions()).toBe(0);
    expect(goes.host.isSupplied()).toBe(true);
    await impostor.close();
  });

  it("of an elastic pool too, once another pool has its floor", async () => {
    const [before, after] = [await cloud.autoscalePool(2), await cloud.autoscalePool(2)];
    await supply(...before.members, ...after.members.slice(0, 1));
    const { error } = await pass({
      roll: { poolId: after.poolId },
      rules: { floor: 1 },
      meanwhile: () => systemd(...before.members),
    });
    expect(error).toBeUndefined();
    for (const { host } of before.members) expect(host.isSupplied()).toBe(false);
    expect(after.members[0]?.host.isSupplied()).toBe(true);
  });

  it("and come back when the roll-out is taken back", async () => {
    const [next, previous] = [await worker(), await worker()];
    await pass({ roll: { dropletIds: [next.id] }, meanwhile: () => systemd(previous) });
    expect(previous.host.isSupplied()).toBe(false);
    await supply(previous);
    previous.host.setWorker("active");
    const { error } = await pass({ roll: { dropletIds: [previous.id] }, meanwhile: () => systemd(next) });
    expect(error).toBeUndefined();
    expect(next.host.isSupplied()).toBe(false);
  });
});

describe("a worker", () => {
  it("answers when it tells its metrics", async () => {
    const server = createServer(({ url }, response) => {
      response.writeHead(url === "/metrics" ? 200 : 500).end("jobs_total 1\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await tellsMetrics(`http://127.0.0.1:${port}/metrics`)).toBe(true);
    expect(await tellsMetrics(`http://127.0.0.1:${port}/broken`)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await tellsMetrics(`http://127.0.0.1:${port}/metrics`)).toBe(false);
  });
});

it("what lets droplets go ends with the code that its Job takes for final, and with the reason for its last line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-"));
  for (const secret of ["digitalocean-token", "mark", "ssh-key"]) writeFileSync(join(folder, secret), secret);
  const role = fileURLToPath(
    new URL("../../../images/gpu-pool-controller/src/rollout/main.ts", import.meta.url),
  );
  const { exitCode, stdout } = await execa(process.execPath, ["--import", "tsx", role], {
    reject: false,
    env: {
      DIGITALOCEAN_API_URL: "http://127.0.0.1:1",
      DROPLET_IDS: "1",
      VPC_ID: "vpc",
      ACCOUNT: "whisper-secrets",
      METRICS_PORT: "9100",
      HEALTH_DEADLINE_SECONDS: "1",
      ROUND_MILLISECONDS: "10",
      SECRETS_FOLDER: folder,
      HOST_KEY_FOLDER: join(folder, "host-keys"),
    },
  });
  rmSync(folder, { recursive: true });
  expect(exitCode).toBe(unhealthyExitCode);
  expect(stdout.split("\n").at(-1)).toContain("0 of 1 droplets work after 1 s, so none was told to go");
});
