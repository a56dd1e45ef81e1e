import { isBeingDecommissioned, isProduction } from "../environment.ts";
import { resourceRule } from "../rule.ts";
import { storeTypes } from "./types.ts";

export const requireStoreProtection = resourceRule<object>({
  name: "require-store-protection",
  description:
    "Production stores are protected, so that the engine refuses to delete or replace them: what they hold is gone with them.",
  remedy:
    "give the resource `protect: true`; to take the environment down, set `decommission: { confirm: production, reason: ... }` in its configuration",
  severity: "critical",
  references: [{ framework: "SOC 2", id: "A1.2" }],
  types: storeTypes,
  check: (_inputs, report, resource) => {
    if (isProduction() && !isBeingDecommissioned() && !resource.opts.protect) report("it is not protected");
  },
});
