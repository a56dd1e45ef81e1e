import { stackRule } from "../rule.ts";
import { backupsOf } from "./backups.ts";
import { neededStores, reaching } from "./stores.ts";

export const requireBackup = stackRule({
  name: "require-backup",
  description:
    "A backup of one's own reaches every store whose loss cannot be borne, and Pulumi's state: what the provider keeps goes with the store, or with the account, and of Valkey and of volumes it keeps nothing.",
  remedy:
    'name the store in a backup, `backup: { reaches: [store.urn], every: "1d", ... }`, as docs/backups.md has it; a store whose content can be made again says `recovery-point: everything`',
  severity: "critical",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
    { framework: "GDPR", id: "Article 32" },
  ],
  check: (resources, report) => {
    const backups = backupsOf(resources);
    for (const store of neededStores(resources)) {
      if (reaching(backups, store).length === 0)
        report(store.resource.urn, "no backup of this stack reaches it");
    }
  },
});
