import type { SpacesKeyArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const refuseFullAccessKeys = resourceRule<SpacesKeyArgs>({
  name: "refuse-full-access-keys",
  description:
    "A Spaces key reaches the buckets its consumer needs: one that reaches all makes every leak the worst one.",
  remedy: "grant `read` or `readwrite` on a named bucket",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "CC6.3" },
    { framework: "ISO 27001", id: "A.8.2" },
  ],
  types: ["digitalocean:index/spacesKey:SpacesKey"],
  check: (key, report) => {
    const grants = key.grants ?? [];
    if (grants.length === 0) report("it has no grants", "grants");
    for (const [index, grant] of grants.entries()) {
      if (grant.permission === "fullaccess") report("it has full access", `grants[${index}].permission`);
    }
  },
});
