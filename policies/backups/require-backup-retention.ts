import type { PolicyResource } from "@pulumi/policy";
import { backupFloor } from "../../catalog/recovery.ts";
import { stackRule } from "../rule.ts";
import { backupsOf } from "./backups.ts";
import { targetsOf } from "./targets.ts";

const { retentionDays: floor } = backupFloor;

export const requireBackupRetention = stackRule({
  name: "require-backup-retention",
  description: `Backups are kept for at least ${floor} days, and no rule of the bucket deletes them before: much of what is lost is missed at a month's end.`,
  remedy: `set \`retentionDays: ${floor}\` or more, and let objects of the target expire no earlier`,
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  check: (resources, report) => {
    for (const backup of backupsOf(resources)) {
      const { resource, declared } = backup;
      const days = Math.max(declared.retentionDays, floor);
      if (declared.retentionDays < floor)
        report(
          resource.urn,
          `retentionDays: it keeps ${declared.retentionDays} days, and ${floor} are the least`,
        );
      for (const { found } of targetsOf(backup, resources)) {
        const early = found && soonest(found.props, "expiration");
        if (found !== undefined && early !== undefined && early < days)
          report(
            found.urn,
            `lifecycleRules: objects are deleted after ${early} days, and backups are kept ${days}`,
          );
      }
    }
  },
});

/** The fewest days after which an enabled rule of a bucket deletes something. */
export function soonest(
  { lifecycleRules = [] }: PolicyResource["props"],
  kind: "expiration" | "noncurrentVersionExpiration",
): number | undefined {
  const rules: PolicyResource["props"][] = lifecycleRules;
  const days = rules.flatMap((rule) => {
    const after: unknown = rule.enabled === true ? rule[kind]?.days : undefined;
    return typeof after === "number" && after > 0 ? [after] : [];
  });
  return days.length === 0 ? undefined : Math.min(...days);
}
