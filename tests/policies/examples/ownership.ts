import type { Breach } from "./breach.ts";

/** Breaches of the rules in `policies/ownership/`. */
export const ownershipBreaches: readonly Breach[] = [
  ["require-ownership", "droplet", "tags", ["stateless"]],
  ["require-ownership", "droplet", "tags", undefined],
  ["require-ownership", "postgres", "tags.5", "environment:"],
  ["require-ownership", "cluster", "nodePool.tags", undefined],
  ["require-ownership", "role", "metadata.labels", {}],
  ["require-ownership", "role", "metadata", undefined],
  ["require-ownership", "namespace", ["metadata", "labels", "whisper.platform/cost-centre"], ""],
  [
    "require-ownership",
    "deployment",
    ["spec", "template", "metadata", "labels", "whisper.platform/owner"],
    undefined,
  ],
];
