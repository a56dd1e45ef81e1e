import { stackRule } from "../rule.ts";
import { backupsOf } from "./backups.ts";

export const requireEncryptedBackups = stackRule({
  name: "require-encrypted-backups",
  description:
    "Whoever runs a backup encrypts it before it leaves, with a key that the target has not: a bucket's own encryption opens for everybody who has a key of the bucket.",
  remedy:
    'let the runner encrypt (age, restic, pgBackRest), keep the key elsewhere, and say `encryptedBy: "runner"`',
  severity: "critical",
  references: [
    { framework: "SOC 2", id: "CC6.1" },
    { framework: "ISO 27001", id: "A.8.24" },
    { framework: "GDPR", id: "Article 32" },
  ],
  check: (resources, report) => {
    for (const { resource, declared } of backupsOf(resources)) {
      if (declared.encryptedBy !== "runner")
        report(resource.urn, "encryptedBy: nobody encrypts it before it leaves");
    }
  },
});
