import type { PlannedStep } from "../engine/plan.ts";
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
        .map(({ before, after }) => ({
          policy: "name-store-upgrades",
          pack: "gate",
          level: "advisory" as const,
          urn,
          name,
          message: [
            `The cluster is upgraded in place, from version ${before} to ${after}. Its clients are cut off while that happens, and there is no way back.`,
            "What to look at before: docs/postgres-upgrade.md.",
          ].join("\n"),
        })),
    );
}
