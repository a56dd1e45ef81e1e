import type { ContainerRegistryDockerCredentialsArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const refuseRegistryWriters = resourceRule<Pick<ContainerRegistryDockerCredentialsArgs, "write">>({
  name: "refuse-registry-writers",
  description:
    "What runs images may not write them: whoever reads a cluster's pull secret could put his own in their place.",
  remedy: "leave `write` out; let CI push with a token of its own that ends by itself",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "CC6.3" },
    { framework: "ISO 27001", id: "A.8.2" },
  ],
  types: ["digitalocean:index/containerRegistryDockerCredentials:ContainerRegistryDockerCredentials"],
  check: ({ write }, report) => {
    if (write === true) report("whoever has them may replace images", "write");
  },
});
