import { bucketPolicy } from "../compliant.ts";
import type { Breach } from "./breach.ts";

/** Breaches of the rules in `policies/digitalocean/`. */
export const digitaloceanBreaches: readonly Breach[] = [
  ["refuse-open-ssh", "firewall", "inboundRules.0.sourceAddresses", ["0.0.0.0/0"]],
  ...["0.0.0.0", "::0/0", "0:0:0:0:0:0:0:0/0", "0.0.0.0/00", "0/0", "0.0.0.0/1", "2000::/3"].flatMap(
    (everybody): Breach[] => [
      ["refuse-open-ssh", "firewall", "inboundRules.0.sourceAddresses", ["203.0.113.7/32", everybody]],
      ["refuse-open-ingress", "firewall", "inboundRules.0.sourceAddresses", [everybody]],
      ["refuse-open-trusted-sources", "trustedSources", "rules.0", { type: "ip_addr", value: everybody }],
    ],
  ),
  [
    "refuse-open-ssh",
    "firewall",
    "inboundRules.0",
    { protocol: "tcp", portRange: "20-30", sourceAddresses: ["::/0"] },
  ],
  [
    "refuse-open-ssh",
    "firewall",
    "inboundRules.0",
    { protocol: "tcp", portRange: "all", sourceAddresses: ["::/0"] },
  ],
  [
    "refuse-open-ingress",
    "firewall",
    "inboundRules.0",
    { protocol: "udp", portRange: "53", sourceAddresses: ["::/0"] },
  ],
  ["refuse-open-control-plane", "cluster", "controlPlaneFirewall.allowedAddresses", []],
  ["refuse-open-control-plane", "cluster", "controlPlaneFirewall.allowedAddresses.0", "0.0.0.0/0"],
  ["require-control-plane-firewall", "cluster", "controlPlaneFirewall", undefined],
  ["require-control-plane-firewall", "cluster", "controlPlaneFirewall.enabled", false],
  ["require-ssh-keys", "droplet", "sshKeys", []],
  ["require-ssh-keys", "droplet", "sshKeys", undefined],
  ["require-droplet-backup", "droplet", "tags", []],
  ["refuse-open-trusted-sources", "trustedSources", "rules", []],
  ["refuse-open-trusted-sources", "trustedSources", "rules.0", { type: "ip_addr", value: "0.0.0.0/0" }],
  ["require-standby-node", "postgres", "nodeCount", 1],
  ["require-private-buckets", "bucket", "acl", "public-read"],
  ["require-private-buckets", "bucketObject", "acl", "public-read"],
  ...[
    { Principal: "*" },
    { Principal: { AWS: ["arn:aws:iam:::user/DO1", "*"] } },
    { NotPrincipal: { AWS: "arn:aws:iam:::user/DO1" } },
    { Principal: "*", Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "::/0"] } } },
    { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
  ].map(
    (statement): Breach => [
      "refuse-public-bucket-policies",
      "bucketPolicy",
      "policy",
      bucketPolicy({ Effect: "Allow", ...statement }),
    ],
  ),
  [
    "refuse-public-bucket-policies",
    "bucketPolicy",
    "policy",
    JSON.stringify({ Statement: { Effect: "Allow", Principal: "*" } }),
  ],
  ["refuse-public-bucket-policies", "bucketPolicy", "policy", "{"],
  ["require-versioned-buckets", "bucket", "versioning", undefined],
  ["require-bucket-lifecycle", "bucket", "lifecycleRules", []],
  ["require-bucket-lifecycle", "bucket", "lifecycleRules.0.enabled", false],
  ["refuse-full-access-keys", "key", "grants.0.permission", "fullaccess"],
  ["refuse-full-access-keys", "key", "grants", []],
  ["require-cluster-upgrades", "cluster", "autoUpgrade", false],
  ["require-cluster-upgrades", "cluster", "surgeUpgrade", false],
  ["require-cluster-upgrades", "cluster", "maintenancePolicy", undefined],
  ["require-ha-control-plane", "cluster", "ha", undefined],
  ["require-https", "loadBalancer", "redirectHttpToHttps", false],
  ["require-https", "loadBalancer", "forwardingRules.0.entryProtocol", "tcp"],
];
