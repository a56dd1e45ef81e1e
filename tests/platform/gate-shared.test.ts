import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import type { AskedResource } from "../../infra/cost.ts";
import { type PlannedEnvironment, sharedThings } from "../../platform/gate/shared.ts";

const vpc = (name: string, ipRange: string): AskedResource => ({
  name,
  type: "digitalocean:index/vpc:Vpc",
  inputs: { name, ipRange },
});

const bucket = (name: string, cloudName: string): AskedResource => ({
  name,
  type: "digitalocean:index/spacesBucket:SpacesBucket",
  inputs: { name: cloudName },
});

const key = (name: string, opens: string): AskedResource => ({
  name,
  type: "digitalocean:index/spacesKey:SpacesKey",
  inputs: { grants: [{ bucket: opens, permission: "read" }] },
});

const planned = (
  environment: string,
  asked: readonly AskedResource[],
  secrets: Record<string, string> = {},
): PlannedEnvironment => ({ environment, asked, secrets: new Map(Object.entries(secrets)) });

const policiesOf = (...environments: PlannedEnvironment[]) =>
  sharedThings(environments).map(({ policy }) => policy);

describe("what environments share", () => {
  it("is nothing, where each has its own", () => {
    const staging = planned(
      "staging",
      [vpc("s", "10.10.0.0/16"), bucket("m", "s-media"), key("k", "s-media")],
      {
        slackWebhook: "one",
      },
    );
    const production = planned(
      "production",
      [vpc("p", "10.20.0.0/16"), bucket("m", "p-media"), key("k", "p-media")],
      { slackWebhook: "two" },
    );
    expect(sharedThings([staging, production])).toEqual([]);
  });

  it("is a network that both are put into, by its id", () => {
    const id = "0f0e4c1a-6a3b-4f6e-9d0a-1b2c3d4e5f60";
    const droplet = (name: string): AskedResource => ({
      name,
      type: "digitalocean:index/droplet:Droplet",
      inputs: { vpcUuid: id },
    });
    expect(policiesOf(planned("staging", [droplet("a")]), planned("production", [droplet("b")]))).toEqual([
      "refuse-shared-networks",
    ]);
  });

  it("is not what nobody knows yet: each gets its own", () => {
    const droplet: AskedResource = {
      name: "droplet",
      type: "digitalocean:index/droplet:Droplet",
      inputs: { vpcUuid: unknownValue },
    };
    expect(policiesOf(planned("staging", [droplet]), planned("production", [droplet]))).toEqual([]);
  });

  it("is a range within the other's, whichever is the larger, and of whichever resource", () => {
    const cluster: AskedResource = {
      name: "cluster",
      type: "digitalocean:index/kubernetesCluster:KubernetesCluster",
      inputs: { clusterSubnet: "10.20.64.0/18", serviceSubnet: "10.21.0.0/19" },
    };
    const one = planned("staging", [vpc("s", "10.20.0.0/16")]);
    const other = planned("production", [cluster]);
    expect(policiesOf(one, other)).toEqual(["refuse-overlapping-networks"]);
    expect(policiesOf(other, one)).toEqual(["refuse-overlapping-networks"]);
  });

  it("is a range exactly where an address is in both", () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 30 }))
      .map(([octet, bits]) => `10.${octet}.0.0/${bits}`);
    const first = (text: string) => ipaddr.IPv4.networkAddressFromCIDR(text).toByteArray();
    const last = (text: string) => ipaddr.IPv4.broadcastAddressFromCIDR(text).toByteArray();
    const number = (bytes: number[]) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    fc.assert(
      fc.property(range, range, (one, other) => {
        const meet = number(first(one)) <= number(last(other)) && number(first(other)) <= number(last(one));
        const found = policiesOf(planned("a", [vpc("v", one)]), planned("b", [vpc("v", other)]));
        expect(found.length > 0).toBe(meet);
      }),
    );
  });

  it("is a bucket of both, or one that a key of the other opens; a reach into all is another rule's affair", () => {
    const staging = planned("staging", [bucket("media", "media")]);
    expect(policiesOf(staging, planned("production", [bucket("media", "media")]))).toEqual([
      "refuse-shared-buckets",
    ]);
    expect(policiesOf(staging, planned("production", [key("reader", "media")]))).toEqual([
      "refuse-shared-buckets",
    ]);
    expect(policiesOf(staging, planned("production", [key("reader", "")]))).toEqual([]);
  });

  it("is a secret of both configurations, which is named and not told", () => {
    const value = "https://hooks.example.com/abc";
    const [finding, ...more] = sharedThings([
      planned("staging", [], { "whisper-platform:slackWebhook": value }),
      planned("production", [], { "whisper-platform:slackWebhook": value, other: "x" }),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ policy: "refuse-shared-credentials", level: "mandatory" });
    expect(finding?.message).toContain("slackWebhook");
    expect(finding?.message).not.toContain(value);
  });

  it("is found between each two of three", () => {
    const environments = ["a", "b", "c"].map((name) => planned(name, [bucket("media", "media")]));
    expect(policiesOf(...environments)).toHaveLength(3);
  });

  it("is no matter of inputs of strange forms", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (one, other) => {
        const strange = (inputs: unknown): AskedResource => ({
          name: "x",
          type: "digitalocean:index/spacesKey:SpacesKey",
          inputs,
        });
        const grants = (inputs: unknown) => strange({ grants: inputs });
        sharedThings([
          planned("a", [strange(one), grants(one)]),
          planned("b", [strange(other), grants(other)]),
        ]);
      }),
    );
  });
});
