import { expect, it } from "vitest";
import { openWays } from "../../../sandbox/stores/trusted-sources.ts";

const address = (value: string) => ({ type: "ip_addr", value }) as const;

it.each([
  ["nobody is named: everybody", [], true, true],
  ["a cluster", [{ type: "k8s", value: "id" } as const], false, true],
  ["a tag", [{ type: "tag", value: "gpu" } as const], false, true],
  ["an address of the internet", [address("203.0.113.7")], false, false],
  ["a private address", [address("10.16.0.3")], false, true],
  ["a range that holds private ones", [address("0.0.0.0/0")], true, true],
  ["the laptop", [address("127.0.0.1")], true, false],
  ["all of IPv6", [address("::/0")], false, false],
  [
    "an address and a droplet",
    [address("203.0.113.7"), { type: "droplet", value: "1" } as const],
    false,
    true,
  ],
])("%s", (_what, sources, publicly, privately) => {
  expect(openWays(sources)).toEqual({ publicly, privately });
});
