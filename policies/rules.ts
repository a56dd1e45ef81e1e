import { requireBackup } from "./backups/require-backup.ts";
import { requireBackupDeclaration } from "./backups/require-backup-declaration.ts";
import { requireBackupRetention } from "./backups/require-backup-retention.ts";
import { requireBackupSchedule } from "./backups/require-backup-schedule.ts";
import { requireEncryptedBackups } from "./backups/require-encrypted-backups.ts";
import { requireGuardedBackupHistory } from "./backups/require-guarded-backup-history.ts";
import { requireOffsiteBackups } from "./backups/require-offsite-backups.ts";
import { requireRestoreTests } from "./backups/require-restore-tests.ts";
import { digitaloceanRules } from "./digitalocean/rules.ts";
import { kubernetesRules } from "./kubernetes/rules.ts";
import { requireOwnership } from "./ownership/require-ownership.ts";
import { refuseAddedCapabilities } from "./pod-security/refuse-added-capabilities.ts";
import { refuseHostNamespaces } from "./pod-security/refuse-host-namespaces.ts";
import { refuseHostPaths } from "./pod-security/refuse-host-paths.ts";
import { refuseHostPorts } from "./pod-security/refuse-host-ports.ts";
import { refuseHostProcesses } from "./pod-security/refuse-host-processes.ts";
import { refusePrivilegeEscalation } from "./pod-security/refuse-privilege-escalation.ts";
import { refusePrivilegedContainers } from "./pod-security/refuse-privileged-containers.ts";
import { refuseProbeHosts } from "./pod-security/refuse-probe-hosts.ts";
import { refuseRestrictedVolumes } from "./pod-security/refuse-restricted-volumes.ts";
import { refuseRootUsers } from "./pod-security/refuse-root-users.ts";
import { refuseSelinuxOptions } from "./pod-security/refuse-selinux-options.ts";
import { refuseUnconfinedApparmor } from "./pod-security/refuse-unconfined-apparmor.ts";
import { refuseUnconfinedSeccomp } from "./pod-security/refuse-unconfined-seccomp.ts";
import { refuseUnmaskedProc } from "./pod-security/refuse-unmasked-proc.ts";
import { refuseUnsafeSysctls } from "./pod-security/refuse-unsafe-sysctls.ts";
import { requireDroppedCapabilities } from "./pod-security/require-dropped-capabilities.ts";
import { requireNonRoot } from "./pod-security/require-non-root.ts";
import { requireSeccompProfile } from "./pod-security/require-seccomp-profile.ts";
import type { Rule, RuleGroup } from "./rule.ts";
import { refusePlainAppSecrets } from "./secrets/refuse-plain-app-secrets.ts";
import { refusePlainCredentials } from "./secrets/refuse-plain-credentials.ts";
import { refusePlainSecrets } from "./secrets/refuse-plain-secrets.ts";
import { refuseSecretsInArguments } from "./secrets/refuse-secrets-in-arguments.ts";
import { refuseSecretsInConfigMaps } from "./secrets/refuse-secrets-in-config-maps.ts";
import { requireSecretFiles } from "./secrets/require-secret-files.ts";
import { requireStoreAlerts } from "./stores/require-store-alerts.ts";
import { requireStoreDeclaration } from "./stores/require-store-declaration.ts";
import { requireStoreProtection } from "./stores/require-store-protection.ts";

/** Every rule of the pack. A new one is a file of its own and a line here. */
export const ruleGroups: readonly RuleGroup[] = [
  {
    title: "Pod Security Standards",
    rules: [
      refuseAddedCapabilities,
      refuseHostNamespaces,
      refuseHostPaths,
      refuseHostPorts,
      refuseHostProcesses,
      refusePrivilegeEscalation,
      refusePrivilegedContainers,
      refuseProbeHosts,
      refuseRestrictedVolumes,
      refuseRootUsers,
      refuseSelinuxOptions,
      refuseUnconfinedApparmor,
      refuseUnconfinedSeccomp,
      refuseUnmaskedProc,
      refuseUnsafeSysctls,
      requireDroppedCapabilities,
      requireNonRoot,
      requireSeccompProfile,
    ],
  },
  ...kubernetesRules,
  ...digitaloceanRules,
  {
    title: "Secrets",
    rules: [
      refusePlainAppSecrets,
      refusePlainCredentials,
      refusePlainSecrets,
      refuseSecretsInArguments,
      refuseSecretsInConfigMaps,
      requireSecretFiles,
    ],
  },
  {
    title: "Stores",
    rules: [requireStoreAlerts, requireStoreDeclaration, requireStoreProtection],
  },
  {
    title: "Backups",
    rules: [
      requireBackup,
      requireBackupDeclaration,
      requireBackupRetention,
      requireBackupSchedule,
      requireEncryptedBackups,
      requireGuardedBackupHistory,
      requireOffsiteBackups,
      requireRestoreTests,
    ],
  },
  {
    title: "Ownership",
    rules: [requireOwnership],
  },
];

/** The rules of all groups. */
export const rules: readonly Rule[] = ruleGroups.flatMap((group) => group.rules);
