import { backupFloor } from "../../catalog/recovery.ts";
import { stackRule } from "../rule.ts";
import { backupsOf } from "./backups.ts";
import { minutes } from "./stores.ts";

const { restoreTestDays: floor } = backupFloor;

export const requireRestoreTests = stackRule({
  name: "require-restore-tests",
  description: `Every backup is restored and compared by itself, every ${floor} days at the latest: one that nobody has restored is a hope.`,
  remedy: 'schedule a restore, and say so: `restoreTestEvery: "7d"`',
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.3" },
    { framework: "ISO 27001", id: "A.8.13" },
    { framework: "GDPR", id: "Article 32" },
  ],
  check: (resources, report) => {
    for (const { resource, declared } of backupsOf(resources)) {
      const every = declared.restoreTestEvery;
      if (every === undefined) report(resource.urn, "restoreTestEvery: nobody restores it");
      else if (minutes(every) > floor * 24 * 60)
        report(
          resource.urn,
          `restoreTestEvery: it is restored every ${every}, and ${floor} days are the longest`,
        );
    }
  },
});
