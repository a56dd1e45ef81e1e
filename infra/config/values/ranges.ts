import ipaddr from "ipaddr.js";
import { z } from "zod";
import { widestPrefix } from "../../../catalog/addresses.ts";
import { guided, refuse } from "../guidance.ts";

const namedRange = z.string().superRefine((cidr, context) => {
  const range = ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : undefined;
  if (!range) {
    context.addIssue({ code: "invalid_format", format: "cidr" });
    return;
  }
  const [address, prefixLength] = range;
  if (prefixLength < widestPrefix[address.kind()]) {
    refuse(
      context,
      `is "${cidr}", which lets the internet, or a large part of it, reach the administration`,
      "Name the ranges your operators come from, such as the office's or the VPN's.",
    );
    return;
  }
  const parser = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = parser.networkAddressFromCIDR(cidr).toString();
  if (network !== address.toString()) {
    refuse(
      context,
      `is "${cidr}", whose address has bits set beyond its prefix`,
      `Write ${network}/${prefixLength} for the range, or ${address}/${address.kind() === "ipv4" ? 32 : 128} for the one address.`,
    );
  }
});

const range = { expects: "a range of addresses in CIDR notation", example: "203.0.113.0/24" };

export const adminCidr = guided(namedRange, range);

export const deployerCidr = guided(
  namedRange.superRefine((cidr, context) => {
    const [address] = ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : [];
    if (address !== undefined && (address.kind() === "ipv6" || address.range() === "private")) {
      refuse(
        context,
        `is "${cidr}", and the Kubernetes API sees who deploys by a public IPv4 address`,
        "Name the public address of the runner, the VPN's exit or the office.",
      );
    }
  }),
  range,
);
