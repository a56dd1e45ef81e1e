import { changeRules } from "../../policies/changes/change-rules.ts";
import type { PlannedStep } from "../engine/plan.ts";
import { changeFinding } from "./change-findings.ts";
import type { Finding } from "./verdict.ts";

const clusterType = "digitalocean:index/databaseCluster:DatabaseCluster";

/**
 * Names each managed database that would be of a newer major version: DigitalOcean upgrades it in place as soon as it is
 * asked, its clients are cut off meanwhile, and there is no way back.
 */
export function upgradesOfStores(steps: readonly PlannedStep[]): Finding[] {
  return steps
    .filter(({ type, operation }) => type === clusterType && operation === "update")
    .flatMap(({ urn, name, changes }) =>
      changes
        .filter(({ path, before, after }) => path === "version" && Number(after) > Number(before))
        .flatMap(({ before, after }) =>
          changeFinding(
            changeRules.storeUpgrades,
            { urn, name },
            `The cluster is upgraded in place, from version ${before} to ${after}. Its clients are cut off while that happens, and there is no way back.`,
          ),
        ),
    );
}
