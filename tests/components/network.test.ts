import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import {
  faultsOfBlock,
  faultsOfNeighbours,
  faultsOfPlan,
  overlap,
  planAddresses,
} from "../../components/network/addresses.ts";
import { Network, type NetworkArgs } from "../../components/network/network.ts";
import { record, refusalOf, resolved } from "./harness.ts";

const sound: NetworkArgs = { region: "tor1", addressBlock: "10.16.0.0/14" };
const network = (args: Partial<NetworkArgs> = {}) => record(() => new Network("net", { ...sound, ...args }));

describe("a network", () => {
  it("is one VPC with the plan's range", async () => {
    const { resources, result } = await network();
    expect(resources.map(({ type, name, parent }) => ({ type, name, parent }))).toEqual([
      { type: "whisper:network:Network", name: "net", parent: undefined },
      { type: "digitalocean:index/vpc:Vpc", name: "net-vpc", parent: "net" },
    ]);
    expect(resources[1]?.inputs).toEqual({ name: "net-vpc", region: "tor1", ipRange: "10.16.0.0/16" });
    expect(await resolved(result.placement.vpcId)).toBe("net-vpc-id");
    expect(await resolved(result.egressAddresses)).toEqual([]);
  });

  it("hands its plan and its region on", async () => {
    const { result } = await network({ addressBlock: "10.32.0.0/12" });
    expect(result.placement.addresses).toEqual({
      vpc: "10.32.0.0/16",
      pods: "10.33.0.0/16",
      services: "10.34.0.0/20",
    });
    expect(await resolved(result.placement.region)).toBe("tor1");
  });

  it("has one way out where a NAT gateway is wanted", async () => {
    const { named, result } = await network({ natGateway: true }).then((recording) => ({
      named: recording.named("net-nat"),
      result: recording.result,
    }));
    expect(named.inputs).toMatchObject({
      type: "PUBLIC",
      size: 1,
      vpcs: [{ vpcUuid: "net-vpc-id", defaultGateway: true }],
    });
    expect(result.placement.hasNatGateway).toBe(true);
    expect(await resolved(result.egressAddresses)).toEqual(["198.51.100.9"]);
  });

  it("describes the VPC", async () => {
    const recording = await network({ description: "for tests" });
    expect(recording.named("net-vpc").inputs).toMatchObject({ description: "for tests" });
  });

  it.each<[string, Partial<NetworkArgs>, string[]]>([
    ["an unknown region", { region: "mars1" }, ["region"]],
    ["a region that is closed", { region: "sfo1" }, ["region"]],
    ["no range at all", { addressBlock: "ten" }, ["addressBlock"]],
    ["bits beyond the prefix", { addressBlock: "10.17.0.0/14" }, ["addressBlock"]],
    ["a block too small", { addressBlock: "10.16.0.0/15" }, ["addressBlock"]],
    ["public addresses", { addressBlock: "8.0.0.0/10" }, ["addressBlock"]],
    [
      "DigitalOcean's own ranges",
      { addressBlock: "10.244.0.0/14" },
      ["addressBlock.vpc", "addressBlock.pods", "addressBlock.services"],
    ],
    ["several faults at once", { region: "mars1", addressBlock: "ten" }, ["region", "addressBlock"]],
    [
      "neighbours that it could not be joined with",
      { neighbours: { office: "10.0.0.0/9", production: "10.20.0.0/14", lab: "10.17.3.0/24", home: "here" } },
      ["neighbours.office", "neighbours.lab", "neighbours.home"],
    ],
  ])("refuses %s", async (_, args, paths) => {
    expect(await refusalOf(() => new Network("net", { ...sound, ...args }))).toMatchObject({
      name: "ArgumentError",
      component: "net",
      faults: paths.map((path) => expect.objectContaining({ path })),
    });
  });
});

describe("the plan of addresses", () => {
  const block = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 14 }))
    .map(([second, prefix]) => `10.${second - (second % 2 ** (16 - prefix))}.0.0/${prefix}`);

  it("never collides, with itself or with what is reserved", () => {
    fc.assert(
      fc.property(block, (addressBlock) => {
        fc.pre(faultsOfBlock(addressBlock).length === 0);
        const plan = planAddresses(addressBlock);
        expect(faultsOfPlan(plan)).toEqual([]);
        for (const range of Object.values(plan)) expect(overlap(range, addressBlock)).toBe(true);
      }),
    );
  });

  it("gives blocks with nothing in common plans with nothing in common", () => {
    fc.assert(
      fc.property(block, block, (one, other) => {
        fc.pre(!overlap(one, other));
        const others = Object.values(planAddresses(other));
        for (const range of Object.values(planAddresses(one))) {
          expect(others.filter((candidate) => overlap(range, candidate))).toEqual([]);
        }
      }),
    );
  });

  it("lies in its block, and touches no neighbour that the block does not", () => {
    fc.assert(
      fc.property(block, block, (one, other) => {
        fc.pre(faultsOfBlock(one).length === 0);
        const touched = Object.values(planAddresses(one)).some((range) => overlap(range, other));
        const refused = faultsOfNeighbours(one, { other }).length > 0;
        expect(refused).toBe(overlap(one, other));
        expect(touched && !refused).toBe(false);
      }),
    );
  });

  it("tells every two of its ranges that overlap, and no others", () => {
    const range = (shortest: number, longest: number) =>
      fc
        .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: shortest, max: longest }))
        .map(([second, third, prefix]) => {
          const [network] = ipaddr.IPv4.networkAddressFromCIDR(`10.${second}.${third}.0/${prefix}`)
            .toString()
            .split("/");
          return `${network}/${prefix}`;
        });
    fc.assert(
      fc.property(range(16, 24), range(9, 20), range(12, 24), (vpc, pods, services) => {
        const told = faultsOfPlan({ vpc, pods, services }).filter(({ problem }) =>
          /overlaps (vpc|pods) /.test(problem),
        );
        const pairs = [
          [vpc, pods],
          [vpc, services],
          [pods, services],
        ] as const;
        expect(told).toHaveLength(pairs.filter(([one, other]) => overlap(one, other)).length);
      }),
    );
  });

  it.each([
    ["10.0.0.0/16", "10.0.255.255/32", true],
    ["10.0.0.0/16", "10.1.0.0/16", false],
    ["10.0.0.0/8", "10.200.0.0/16", true],
    ["no range", "10.0.0.0/8", false],
  ])("overlap of %s and %s", (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });

  it("names both sides of an overlap", () => {
    const plan = { vpc: "10.16.0.0/16", pods: "10.16.0.0/18", services: "10.18.0.0/20" };
    expect(faultsOfPlan(plan)).toEqual([
      expect.objectContaining({ path: "pods", problem: expect.stringContaining("vpc (10.16.0.0/16)") }),
    ]);
  });
});
