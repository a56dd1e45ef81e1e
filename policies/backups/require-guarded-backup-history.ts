import type { PolicyResource } from "@pulumi/policy";
import { referredTo } from "../digitalocean/links.ts";
import { stackRule } from "../rule.ts";
import { backupsOf } from "./backups.ts";
import { soonest } from "./require-backup-retention.ts";
import { targetsOf } from "./targets.ts";

const keyType = "digitalocean:index/spacesKey:SpacesKey";

export const requireGuardedBackupHistory = stackRule({
  name: "require-guarded-backup-history",
  description:
    "The history of backups is out of reach of whoever writes them: buckets keep older versions for as long as backups, and a copy has a writer of its own. Spaces has no lock, so that who may write may delete: who breaks into the runner must not take the backups along.",
  remedy:
    'let the targets be versioned buckets of the stack whose old versions stay `retentionDays`, and let another job, with a key for that bucket alone, carry the copy: `targets: [{ bucket, writer: "backup" }, { bucket: offsite, writer: "copier" }]`',
  severity: "critical",
  references: [
    { framework: "SOC 2", id: "CC6.3" },
    { framework: "ISO 27001", id: "A.8.13" },
    { framework: "GDPR", id: "Article 32" },
  ],
  check: (resources, report) => {
    for (const backup of backupsOf(resources)) {
      const { resource, declared } = backup;
      const targets = targetsOf(backup, resources);
      for (const { bucket, found } of targets) {
        if (found === undefined) report(resource.urn, `targets: there is no bucket ${bucket}`);
        else for (const fault of faultsOfHistory(found, declared.retentionDays)) report(found.urn, fault);
      }
      if (new Set(targets.map(({ writer }) => writer)).size < 2)
        report(resource.urn, "targets: one writer reaches every copy");
      const buckets = targets.flatMap(({ found }) => found?.urn ?? []);
      for (const key of resources.filter((one) => opensSeveral(one, buckets)))
        report(key.urn, "grants: this one key writes to more than one copy of a backup");
    }
  },
});

function faultsOfHistory({ props }: PolicyResource, days: number): string[] {
  if (props.versioning?.enabled !== true)
    return ["versioning: backups are written there, and it keeps no older versions"];
  const early = soonest(props, "noncurrentVersionExpiration");
  return early !== undefined && early < days
    ? [`lifecycleRules: older versions go after ${early} days, and backups are kept ${days}`]
    : [];
}

/** Whether a key of Spaces may write to several of some buckets. */
function opensSeveral(key: PolicyResource, buckets: readonly string[]): boolean {
  if (key.type !== keyType) return false;
  const opened = referredTo(key, "grants").filter(({ urn }) => buckets.includes(urn));
  const grants: { readonly permission?: string }[] = key.props.grants ?? [];
  return opened.length > 1 && grants.some(({ permission }) => permission !== "read");
}
