import type { RuleGroup } from "../rule.ts";
import { refuseOpenControlPlane } from "./clusters/refuse-open-control-plane.ts";
import { requireAutoUpgrade } from "./clusters/require-auto-upgrade.ts";
import { requireControlPlaneFirewall } from "./clusters/require-control-plane-firewall.ts";
import { requireHaControlPlane } from "./clusters/require-ha-control-plane.ts";
import { requireSurgeUpgrade } from "./clusters/require-surge-upgrade.ts";
import { requireUpgradeWindow } from "./clusters/require-upgrade-window.ts";
import { refuseDevelopmentDatabases } from "./databases/refuse-development-databases.ts";
import { refuseLegacyDatabaseAuth } from "./databases/refuse-legacy-database-auth.ts";
import { refuseOpenTrustedSources } from "./databases/refuse-open-trusted-sources.ts";
import { refuseQueueEviction } from "./databases/refuse-queue-eviction.ts";
import { requireConnectionPools } from "./databases/require-connection-pools.ts";
import { requireDatabaseTls } from "./databases/require-database-tls.ts";
import { requireEncryptedLogSinks } from "./databases/require-encrypted-log-sinks.ts";
import { requireStandbyNode } from "./databases/require-standby-node.ts";
import { requireTrustedSources } from "./databases/require-trusted-sources.ts";
import { requireBackendKeepalive } from "./load-balancers/require-backend-keepalive.ts";
import { requireHttps } from "./load-balancers/require-https.ts";
import { requireLoadBalancerTargets } from "./load-balancers/require-load-balancer-targets.ts";
import { requireStrongCiphers } from "./load-balancers/require-strong-ciphers.ts";
import { refuseCostlyGpus } from "./machines/refuse-costly-gpus.ts";
import { refuseCustomImages } from "./machines/refuse-custom-images.ts";
import { refusePasswordSignIn } from "./machines/refuse-password-sign-in.ts";
import { refuseSecretsInUserData } from "./machines/refuse-secrets-in-user-data.ts";
import { requireDropletBackup } from "./machines/require-droplet-backup.ts";
import { requireDropletFirewall } from "./machines/require-droplet-firewall.ts";
import { requireDropletMonitoring } from "./machines/require-droplet-monitoring.ts";
import { requireGuardedReservedIps } from "./machines/require-guarded-reserved-ips.ts";
import { requireSshKeys } from "./machines/require-ssh-keys.ts";
import { requireDkim } from "./names/require-dkim.ts";
import { requireDmarc } from "./names/require-dmarc.ts";
import { requireManagedCertificates } from "./names/require-managed-certificates.ts";
import { requireShortTtl } from "./names/require-short-ttl.ts";
import { requireSpf } from "./names/require-spf.ts";
import { refuseOpenEgress } from "./network/refuse-open-egress.ts";
import { refuseOpenIngress } from "./network/refuse-open-ingress.ts";
import { refuseOpenSsh } from "./network/refuse-open-ssh.ts";
import { requireAttachedFirewalls } from "./network/require-attached-firewalls.ts";
import { requireNatGateway } from "./network/require-nat-gateway.ts";
import { requirePrivateNetwork } from "./network/require-private-network.ts";
import { refuseRegistryWriters } from "./registry/refuse-registry-writers.ts";
import { refuseForcedDestruction } from "./spaces/refuse-forced-destruction.ts";
import { refuseFullAccessKeys } from "./spaces/refuse-full-access-keys.ts";
import { refuseOpenCors } from "./spaces/refuse-open-cors.ts";
import { refusePublicBucketPolicies } from "./spaces/refuse-public-bucket-policies.ts";
import { requireBucketLifecycle } from "./spaces/require-bucket-lifecycle.ts";
import { requirePrivateBuckets } from "./spaces/require-private-buckets.ts";
import { requireUploadExpiry } from "./spaces/require-upload-expiry.ts";
import { requireVersionExpiry } from "./spaces/require-version-expiry.ts";
import { requireVersionedBuckets } from "./spaces/require-versioned-buckets.ts";

/** The rules for DigitalOcean, by what they judge. A new one is a file of its own and a line here. */
export const digitaloceanRules: readonly RuleGroup[] = [
  {
    title: "DigitalOcean: network",
    rules: [
      refuseOpenEgress,
      refuseOpenIngress,
      refuseOpenSsh,
      requireAttachedFirewalls,
      requireNatGateway,
      requirePrivateNetwork,
    ],
  },
  {
    title: "DigitalOcean: load balancers",
    rules: [requireBackendKeepalive, requireHttps, requireLoadBalancerTargets, requireStrongCiphers],
  },
  {
    title: "DigitalOcean: droplets",
    rules: [
      refuseCostlyGpus,
      refuseCustomImages,
      refusePasswordSignIn,
      refuseSecretsInUserData,
      requireDropletBackup,
      requireDropletFirewall,
      requireDropletMonitoring,
      requireGuardedReservedIps,
      requireSshKeys,
    ],
  },
  {
    title: "DigitalOcean: clusters",
    rules: [
      refuseOpenControlPlane,
      requireAutoUpgrade,
      requireControlPlaneFirewall,
      requireHaControlPlane,
      requireSurgeUpgrade,
      requireUpgradeWindow,
    ],
  },
  {
    title: "DigitalOcean: databases",
    rules: [
      refuseDevelopmentDatabases,
      refuseLegacyDatabaseAuth,
      refuseOpenTrustedSources,
      refuseQueueEviction,
      requireConnectionPools,
      requireDatabaseTls,
      requireEncryptedLogSinks,
      requireStandbyNode,
      requireTrustedSources,
    ],
  },
  {
    title: "DigitalOcean: buckets and images",
    rules: [
      refuseForcedDestruction,
      refuseFullAccessKeys,
      refuseOpenCors,
      refusePublicBucketPolicies,
      refuseRegistryWriters,
      requireBucketLifecycle,
      requirePrivateBuckets,
      requireUploadExpiry,
      requireVersionedBuckets,
      requireVersionExpiry,
    ],
  },
  {
    title: "DigitalOcean: names and certificates",
    rules: [requireDkim, requireDmarc, requireManagedCertificates, requireShortTtl, requireSpf],
  },
];
