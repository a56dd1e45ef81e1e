import { stackRule } from "../rule.ts";
import { backupsOf, faultsOf } from "./backups.ts";
import { neededStores } from "./stores.ts";

export const requireBackupDeclaration = stackRule({
  name: "require-backup-declaration",
  description:
    "What a backup says of itself is complete, and names stores that there are: one that reaches a store of yesterday is noticed on the day of the loss.",
  remedy:
    'declare it as docs/backups.md has it: `{ reaches: [store.urn], every: "1d", retentionDays: 30, encryptedBy: "runner", targets: [{ bucket: bucket.urn, writer: "backup" }], restoreTestEvery: "7d" }`',
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  check: (resources, report) => {
    for (const resource of resources) {
      const faults = faultsOf(resource);
      if (faults.length > 0) report(resource.urn, faults.join("; "));
    }
    const names = new Set(neededStores(resources).flatMap((store) => [...store.names]));
    const others = new Set(resources.flatMap(({ urn, name }) => [urn, name]));
    for (const { resource, declared } of backupsOf(resources)) {
      for (const name of declared.reaches) {
        if (!names.has(name) && !others.has(name)) report(resource.urn, `reaches: there is no ${name}`);
      }
    }
  },
});
