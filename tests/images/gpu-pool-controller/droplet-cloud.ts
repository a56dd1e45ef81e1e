import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import {
  type Member,
  type Roll,
  readPool,
} from "../../../images/gpu-pool-controller/src/delivery/membership.ts";
import type { PoolAccess, Reach } from "../../../images/gpu-pool-controller/src/delivery/pool-access.ts";
import { converse } from "../../../images/gpu-pool-controller/src/delivery/session.ts";
import { DigitalOcean } from "../../../images/gpu-pool-controller/src/digitalocean.ts";
import { testCloud, testToken } from "../../sandbox/cloud/support/cloud.ts";
import { makeDroplet, makeSshKey, makeVpc } from "../../sandbox/cloud/support/fixtures.ts";
import { type DropletHost, dropletHost, makeKey } from "./droplet-host.ts";

/** Tag that the pool's droplets are born with. */
export const mark = "mark:5f2c0e9b";

/** What workers are given, with a password that can be found again. */
export const bundleOf = (password: string) =>
  JSON.stringify({
    "worker.env": `DATABASE_URL=postgresql://worker:${password}@db/whisper\n`,
    "docker/config.json": `{"auths":{"registry":{"auth":"${password}"}}}`,
  });

/** A droplet of the cloud, and the host that answers at its address. */
export interface HostedDroplet {
  readonly id: number;
  readonly host: DropletHost;
}

/** The sandbox's API, with droplets in a VPC at whose addresses real SSH servers answer. */
export async function openDropletCloud() {
  const folder = mkdtempSync(join(tmpdir(), "delivery-"));
  const keyFile = makeKey(folder, "delivery");
  const publicKey = readFileSync(`${keyFile}.pub`, "utf8");
  const api = await testCloud();
  const vpcId = await makeVpc(api, { region: "tor1" });
  const { fingerprint: sshKey } = await makeSshKey(api);
  await api.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = api.app.server.address() as AddressInfo;
  const hosts = new Map<string, DropletHost>();
  /** Paths of what was made. */
  const made: string[] = [];

  const clear = async () => {
    for (const host of hosts.values()) await host.close();
    hosts.clear();
    const headers = { authorization: `Bearer ${testToken}`, "x-dangerous": "true" };
    for (const url of made.splice(0)) await api.app.inject({ method: "DELETE", url, headers });
    api.advance(120_000);
  };

  async function hostFor(id: number, asked: (id: number) => Promise<void> = async () => undefined) {
    api.advance(120_000);
    const { droplet } = await api.ok<{
      droplet: { tags: string[]; networks: { v4: { type: string; ip_address: string }[] } };
    }>("GET", `/v2/droplets/${id}`);
    const host = await dropletHost(publicKey, async () => {
      await asked(id);
      return { id, tags: droplet.tags };
    });
    hosts.set(droplet.networks.v4.find(({ type }) => type === "private")?.ip_address ?? "", host);
    return host;
  }

  return {
    api,
    folder,
    keyFile,
    publicKey,
    /** With which the roles ask DigitalOcean. */
    client: new DigitalOcean({
      apiUrl: `http://127.0.0.1:${port}`,
      token: async () => testToken,
      timeoutMs: 60_000,
    }),

    /** Makes a droplet, and the host that answers at its address. @param asked What happens when it asks for its metadata. */
    async droplet(overlay: object = {}, asked?: (id: number) => Promise<void>): Promise<HostedDroplet> {
      const id = await makeDroplet(api, {
        region: "tor1",
        vpc_uuid: vpcId,
        tags: ["gpu", mark],
        ...overlay,
      });
      made.push(`/v2/droplets/${id}`);
      return { id, host: await hostFor(id, asked) };
    },

    /** Makes an autoscale pool whose members bear the mark. */
    async autoscalePool(size = 1): Promise<{ poolId: string; members: readonly HostedDroplet[] }> {
      const { autoscale_pool: pool } = await api.ok<{ autoscale_pool: { id: string } }>(
        "POST",
        "/v2/droplets/autoscale",
        {
          name: `gpu-${made.length}`,
          config: { target_number_instances: size },
          droplet_template: {
            region: "tor1",
            size: "s-1vcpu-1gb",
            image: "debian-12-x64",
            vpc_uuid: vpcId,
            ssh_keys: [sshKey],
            tags: [mark],
            user_data: "#cloud-config\n",
          },
        },
      );
      made.push(`/v2/droplets/autoscale/${pool.id}/dangerous`);
      api.advance(120_000);
      const { droplets } = await api.ok<{ droplets: { droplet_id: number }[] }>(
        "GET",
        `/v2/droplets/autoscale/${pool.id}/members`,
      );
      const members = [];
      for (const { droplet_id: id } of droplets) members.push({ id, host: await hostFor(id) });
      return { poolId: pool.id, members };
    },

    /** Deletes a droplet. */
    async remove(id: number): Promise<void> {
      await api.request("DELETE", `/v2/droplets/${id}`);
      api.advance(120_000);
    },

    /** Where a member's SSH answers. */
    where: ({ address }: Member) => {
      const host = hosts.get(address);
      if (host === undefined) throw new Error(`nobody is at ${address}`);
      return host.at;
    },

    /** How a role knows the pool, and speaks to it; its host keys are its own. */
    access(roll: Roll, at: Reach): PoolAccess {
      return {
        mark,
        hostKeyFolder: mkdtempSync(join(folder, "host-keys-")),
        readPool: () => readPool(this.client, { roll, vpcId, mark }),
        converse: (member, hostKeyFile, decide) =>
          converse(
            { ...at(member), account: userInfo().username, keyFile, hostKeyFile, timeoutMs: 60_000 },
            decide,
          ),
      };
    },

    /** Removes all droplets and pools. */
    clear,

    async close(): Promise<void> {
      await clear();
      await api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type DropletCloud = Awaited<ReturnType<typeof openDropletCloud>>;
