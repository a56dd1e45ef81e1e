import { backupFloor } from "../../catalog/recovery.ts";
import { stackRule } from "../rule.ts";
import { type Backup, backupsOf } from "./backups.ts";
import { minutes, neededStores, reaching } from "./stores.ts";

export const requireBackupSchedule = stackRule({
  name: "require-backup-schedule",
  description:
    "A store is backed up no more rarely than what may be lost of it: what was written since the last run is gone. Where DigitalOcean keeps every change by itself, a copy of one's own each day is enough.",
  remedy: 'raise how often it runs, `every: "1h"`, or say in the store\'s declaration that more may be lost',
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  check: (resources, report) => {
    const backups = backupsOf(resources);
    for (const store of neededStores(resources)) {
      const { pointMinutes = backupFloor.besideProviderMinutes, keptByProvider, resource } = store;
      const allowed = keptByProvider
        ? Math.max(pointMinutes, backupFloor.besideProviderMinutes)
        : pointMinutes;
      const running = reaching(backups, store).filter(isRunning);
      const often = Math.min(...running.map(({ declared }) => minutes(declared.every)));
      if (reaching(backups, store).length > 0 && running.length === 0)
        report(resource.urn, "the backup that reaches it is suspended");
      else if (running.length > 0 && often > allowed)
        report(resource.urn, `it is backed up every ${often} minutes, and ${allowed} are what may be lost`);
    }
  },
});

/** A CronJob is suspended, a schedule of Velero's paused. */
const isRunning = ({ resource: { props } }: Backup): boolean =>
  props.spec?.suspend !== true && props.spec?.paused !== true;
