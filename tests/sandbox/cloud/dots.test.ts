import { FetchRequestAdapter } from "@microsoft/kiota-http-fetchlibrary";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud, testToken } from "./support/cloud.ts";
import { createDigitalOceanClient, DigitalOceanApiKeyAuthenticationProvider } from "./support/dots.js";

/** DigitalOcean's own TypeScript client, over a real connection. */
describe("@digitalocean/dots", () => {
  let cloud: TestCloud;
  let client: ReturnType<typeof createDigitalOceanClient>;
  const clientFor = async (token: string) => {
    const adapter = new FetchRequestAdapter(new DigitalOceanApiKeyAuthenticationProvider(token));
    adapter.baseUrl = origin;
    return createDigitalOceanClient(adapter);
  };
  let origin: string;

  beforeAll(async () => {
    cloud = await testCloud();
    origin = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
    client = await clientFor(testToken);
  });
  afterAll(() => cloud.close());

  it("reads the account, and is told when its token is wrong", async () => {
    expect((await client.v2.account.get())?.account?.status).toBe("active");
    const stranger = await clientFor("nobody");
    await expect(stranger.v2.account.get()).rejects.toMatchObject({
      responseStatusCode: 401,
      id: "unauthorized",
    });
  });

  it("makes a VPC, a droplet in it and a volume on it, and takes them down again", async () => {
    const vpc = (await client.v2.vpcs.post({ name: "network", region: "fra1", ipRange: "10.20.0.0/20" }))
      ?.vpc;
    expect(vpc?.ipRange).toBe("10.20.0.0/20");
    const volume = (
      await client.v2.volumes.post({
        name: "data",
        region: "fra1",
        sizeGigabytes: 10,
        filesystemType: "ext4",
      })
    )?.volume;
    const created = await client.v2.droplets.post({
      name: "worker",
      region: "fra1",
      size: "s-2vcpu-4gb",
      image: "ubuntu-24-04-x64",
      vpcUuid: vpc?.id,
      tags: ["worker"],
      volumes: [String(volume?.id)],
    });
    const id = created?.droplet?.id ?? 0;
    expect((await client.v2.droplets.byDroplet_id(id).get())?.droplet?.status).toBe("new");
    cloud.advance(1_000);
    const droplet = (await client.v2.droplets.byDroplet_id(id).get())?.droplet;
    expect(droplet).toMatchObject({ status: "active", tags: ["worker"], volumeIds: [String(volume?.id)] });
    expect(
      (await client.v2.droplets.get({ queryParameters: { tagName: "worker", perPage: 200 } }))?.droplets,
    ).toHaveLength(1);

    await expect(client.v2.vpcs.byVpc_id(String(vpc?.id)).delete()).rejects.toMatchObject({
      responseStatusCode: 409,
    });
    await client.v2.droplets.byDroplet_id(id).delete();
    await expect(client.v2.droplets.byDroplet_id(id).get()).rejects.toMatchObject({
      responseStatusCode: 404,
    });
    await client.v2.volumes.byVolume_id(String(volume?.id)).delete();
    await client.v2.vpcs.byVpc_id(String(vpc?.id)).delete();
  });

  it("reads firewalls, certificates, load balancers and autoscale pools", async () => {
    // The client sends no body where a request's description is a choice of several: these are made without it.
    const sources = { addresses: ["0.0.0.0/0"] };
    await cloud.ok("POST", "/v2/firewalls", {
      name: "web",
      inbound_rules: [{ protocol: "tcp", ports: "443", sources }],
    });
    await cloud.ok("POST", "/v2/load_balancers", {
      name: "edge",
      region: "fra1",
      forwarding_rules: [
        { entry_protocol: "http", entry_port: 80, target_protocol: "http", target_port: 8080 },
      ],
    });
    cloud.advance(1_000);
    expect((await client.v2.firewalls.get())?.firewalls).toMatchObject([
      { name: "web", inboundRules: [{ ports: "443", sources }] },
    ]);
    expect((await client.v2.load_balancers.get())?.loadBalancers).toMatchObject([
      { name: "edge", status: "active", forwardingRules: [{ entryPort: 80 }] },
    ]);
    expect((await client.v2.certificates.get())?.certificates).toEqual([]);
    expect((await client.v2.droplets.autoscale.get())?.autoscalePools).toEqual([]);
    expect((await client.v2.sizes.get({ queryParameters: { perPage: 200 } }))?.sizes?.length).toBeGreaterThan(
      20,
    );
    expect((await client.v2.regions.get({ queryParameters: { perPage: 5, page: 2 } }))?.regions).toHaveLength(
      5,
    );
  });
});
