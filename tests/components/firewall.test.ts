import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Firewall, type FirewallArgs } from "../../components/firewall/firewall.ts";
import { type FirewallRule, faultsOfRules, portRangeOf } from "../../components/firewall/rules.ts";
import { record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const ssh: FirewallRule = { protocol: "tcp", ports: 22, peers: ["203.0.113.0/24"], purpose: "operators" };
const everything = ["0.0.0.0/0", "::/0"];

describe("a firewall", () => {
  it("guards whatever bears its tag, and lets nothing through that no rule names", async () => {
    const recording = await record(() => new Firewall("wall", {}));
    expect(recording.named("wall-members").inputs).toEqual({ name: "wall-members" });
    expect(recording.named("wall-rules").inputs).toEqual({
      name: "wall-rules",
      tags: ["wall-members"],
      inboundRules: [],
      outboundRules: [],
    });
    expect(await resolved(recording.result.membership.tag)).toBe("wall-members");
  });

  it("writes rules as DigitalOcean reads them", async () => {
    const recording = await record(
      () =>
        new Firewall("wall", {
          inbound: [ssh, { protocol: "icmp", peers: ["10.16.0.0/16"], purpose: "ping" }],
          outbound: [
            { protocol: "udp", ports: "all", peers: everything, purpose: "time" },
            { protocol: "tcp", ports: [8000, 8999], peers: ["10.16.0.0/16"], purpose: "api" },
          ],
        }),
    );
    expect(recording.named("wall-rules").inputs).toMatchObject({
      inboundRules: [
        { protocol: "tcp", portRange: "22", sourceAddresses: ["203.0.113.0/24"] },
        { protocol: "icmp", sourceAddresses: ["10.16.0.0/16"] },
      ],
      outboundRules: [
        { protocol: "udp", portRange: "all", destinationAddresses: everything },
        { protocol: "tcp", portRange: "8000-8999", destinationAddresses: ["10.16.0.0/16"] },
      ],
    });
  });

  itRefuses<FirewallArgs>(
    (args) => new Firewall("wall", args),
    [
      ["SSH open to everybody", { inbound: [{ ...ssh, peers: ["0.0.0.0/0"] }] }, ["inbound.0.peers"]],
      ["SSH open to everybody by IPv6", { inbound: [ssh, { ...ssh, peers: ["::/0"] }] }, ["inbound.1.peers"]],
      ...["0.0.0.0/00", "::0/0", "0:0:0:0:0:0:0:0/0", "128.0.0.0/1"].map(
        (peer) =>
          [`SSH open to ${peer}`, { inbound: [{ ...ssh, peers: [peer] }] }, ["inbound.0.peers"]] as const,
      ),
      [
        "a range that holds SSH",
        { inbound: [{ ...ssh, ports: [1, 100], peers: everything }] },
        ["inbound.0.peers"],
      ],
      ["no peers", { inbound: [{ ...ssh, peers: [] }] }, ["inbound.0.peers"]],
      ["a peer that is no address", { outbound: [{ ...ssh, peers: ["office"] }] }, ["outbound.0.peers[0]"]],
      ["a port beyond the last", { outbound: [{ ...ssh, ports: 65_536 }] }, ["outbound.0.ports"]],
      ["a range backwards", { outbound: [{ ...ssh, ports: [90, 80] }] }, ["outbound.0.ports"]],
      ["ports of ICMP", { outbound: [{ ...ssh, protocol: "icmp" }] }, ["outbound.0.ports"]],
      [
        "TCP without ports",
        { outbound: [{ protocol: "tcp", peers: ["10.0.0.0/8"], purpose: "none" }] },
        ["outbound.0.ports"],
      ],
    ],
  );
});

describe("rules", () => {
  const port = fc.integer({ min: 1, max: 65_535 });

  it("open to everybody are refused exactly when they hold a port of administration", () => {
    fc.assert(
      fc.property(port, port, (one, other) => {
        const ports = [Math.min(one, other), Math.max(one, other)] as const;
        const faults = faultsOfRules(
          [{ protocol: "tcp", ports, peers: everything, purpose: "any" }],
          "inbound",
        );
        const held = [22, 3389, 5432, 6379].filter((admin) => ports[0] <= admin && admin <= ports[1]);
        expect(faults).toHaveLength(held.length);
      }),
    );
  });

  it("may lead anywhere outwards", () => {
    expect(
      faultsOfRules([{ protocol: "tcp", ports: 22, peers: everything, purpose: "git" }], "outbound"),
    ).toEqual([]);
  });

  it.each<[FirewallRule["ports"], string]>([
    [22, "22"],
    [[22, 22], "22"],
    [[8000, 8999], "8000-8999"],
    [[1, 65_535], "all"],
    ["all", "all"],
  ])("with ports %j are told back as %s", (ports, portRange) =>
    expect(portRangeOf(ports)).toEqual({ portRange }),
  );

  it("have no port range for ICMP", () => expect(portRangeOf(undefined)).toEqual({}));
});
