import { makesLess } from "../../policies/stores/growth.ts";
import type { PlannedStep } from "../engine/plan.ts";
import type { Finding } from "./verdict.ts";

/**
 * Finds stores that would become less than they are. No policy can: a policy sees what is wanted, the gate what was there
 * before too. The service refuses it only when half of the change is made.
 */
export function shrinkingStores(steps: readonly PlannedStep[]): Finding[] {
  return steps
    .filter(({ operation }) => operation === "update")
    .flatMap(({ urn, name, type, changes }) =>
      changes
        .filter(({ path, before, after }) => makesLess(type, path, before, after))
        .map(({ path, before, after }) => ({
          policy: "refuse-shrinking-stores",
          pack: "gate",
          level: "mandatory" as const,
          urn,
          name,
          message: [
            `${path} would fall from ${before} to ${after}, and the service lets it only grow: the change would fail when half of it is made.`,
            "Remedy: leave it as it is; for less, make a store of its own beside this one, and move the data there.",
          ].join("\n"),
        })),
    );
}
