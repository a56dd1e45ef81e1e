import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { requireWayIn } from "../../platform/environment/deployer.ts";

const at = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: "IPv4",
  netmask: "255.255.255.0",
  mac: "00:00:00:00:00:00",
  cidr: null,
});
const reach = {
  adminCidrs: ["203.0.113.0/24"],
  controlPlaneFirewall: { enabled: true, deployerCidrs: ["192.0.2.7/32", "45.55.0.0/24"] },
};
const laptop = { lo: [at("127.0.0.1", true)], wlan0: [at("192.168.1.20")], docker0: [at("172.17.0.1")] };

describe("a control plane's firewall", () => {
  it.each([
    ["named by an operator's range", { PLATFORM_DEPLOYER_ADDRESS: "203.0.113.9" }, laptop],
    ["named by a deployer's range", { PLATFORM_DEPLOYER_ADDRESS: "192.0.2.7" }, laptop],
    [
      "hosted, with an address of its own",
      { RUNNER_ENVIRONMENT: "github-hosted", PLATFORM_DEPLOYER_ADDRESS: "192.0.2.7" },
      {},
    ],
    ["on an address that is let in", {}, { eth0: [at("45.55.0.9")], eth1: [at("8.8.8.8")] }],
    ["behind a router, where nobody knows", {}, laptop],
    ["self-hosted behind a router", { RUNNER_ENVIRONMENT: "self-hosted" }, laptop],
  ])("lets a run on that is %s", (_what, env, interfaces) => {
    expect(() => requireWayIn(reach, { env, interfaces })).not.toThrow();
  });

  it.each([
    [
      "named, and let in by no range",
      { PLATFORM_DEPLOYER_ADDRESS: "198.51.100.7" },
      {},
      /comes from 198\.51\.100\.7/,
    ],
    ["on a public address that no range has", {}, { eth0: [at("8.8.8.8")] }, /comes from 8\.8\.8\.8/],
    [
      "hosted, with another address each time",
      { RUNNER_ENVIRONMENT: "github-hosted" },
      {},
      /this is a hosted runner/,
    ],
    [
      "named by what is no address",
      { PLATFORM_DEPLOYER_ADDRESS: "runner-7" },
      {},
      /is "runner-7", which is no IPv4/,
    ],
  ])("refuses a run that is %s", (_what, env, interfaces, message) => {
    expect(() => requireWayIn(reach, { env, interfaces })).toThrow(
      expect.objectContaining({ status: 2, message: expect.stringMatching(message) }),
    );
  });

  it.each([[undefined], [{ ...reach.controlPlaneFirewall, enabled: false }]])(
    "that does not stand refuses nobody: %o",
    (firewall) => {
      const open = { adminCidrs: reach.adminCidrs, controlPlaneFirewall: firewall };
      const env = { RUNNER_ENVIRONMENT: "github-hosted" };
      expect(() => requireWayIn(open, { env, interfaces: {} })).not.toThrow();
    },
  );
});
