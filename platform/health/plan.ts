import { type Check, unchecked } from "./check.ts";
import { addressCheck, handshakeCheck } from "./checks/addresses.ts";
import {
  clusterCertificatesCheck,
  databaseAuthorityCheck,
  recordedCertificateCheck,
} from "./checks/certificates.ts";
import { nodesCheck, workloadsCheck } from "./checks/kubernetes.ts";
import { prometheusCheck, uptimeCheck } from "./checks/monitoring.ts";
import { postgresCheck } from "./checks/postgres.ts";
import { bucketCheck } from "./checks/storage.ts";
import { queueCheck, valkeyCheck } from "./checks/valkey.ts";
import { type CloudAccess, cloudCheck, readDatabase } from "./cloud.ts";
import { clusterApi } from "./cluster.ts";
import type { EnvironmentParts, Thing } from "./environment.ts";

/** What users upload goes there: there bytes are tried. */
const bucketOfUploads = "media";

/**
 * All that is asked of an environment.
 *
 * @param sandbox Whether it is in the sandbox, where no container runs, no name is resolved and nobody asks from outside.
 */
export function checksOf(parts: EnvironmentParts, access: CloudAccess, sandbox: boolean): Check[] {
  /** What in the sandbox would say something that nobody has seen. */
  const real = (check: Check, because: string): Check =>
    sandbox ? { ...check, ask: () => Promise.resolve(unchecked(`${because} in the sandbox`)) } : check;
  const hosts = Object.values(parts.urls).map((url) => new URL(url).hostname);
  const cluster = parts.clusterId === undefined ? undefined : clusterApi(access, parts.clusterId);
  const asked = ({ id, name }: Thing) => ({
    name,
    read: (signal: AbortSignal) => readDatabase(access, id, signal),
  });
  const nothingAnswers = "no container runs, and no name leads to one,";
  const checks = [
    ...Object.entries(parts.urls).map(([name, url]) => real(addressCheck(name, url), nothingAnswers)),
    ...parts.postgres.map((each) => postgresCheck(asked(each))),
    ...parts.valkey.map((each) => valkeyCheck(asked(each))),
    ...parts.broker.map((each) => queueCheck(asked(each), parts.queues)),
    ...parts.buckets.map((bucket) => bucketCheck(access, bucket, bucket.use === bucketOfUploads)),
    ...hosts.map((host) => real(handshakeCheck(host), nothingAnswers)),
    ...parts.certificates.map((name) => real(recordedCertificateCheck(access, name), "nothing is issued")),
    ...[...parts.postgres, ...parts.valkey].map((each) => databaseAuthorityCheck(access, each)),
    ...(cluster === undefined
      ? []
      : [
          ...parts.certificateSecrets.map((secret) => clusterCertificatesCheck(cluster, secret)),
          nodesCheck(cluster),
          workloadsCheck(cluster, sandbox ? "as KWOK says: no container runs in the sandbox" : undefined),
          ...parts.prometheus.map((service) => real(prometheusCheck(cluster, service), "no container runs")),
        ]),
    ...parts.uptimeChecks.map((check) => real(uptimeCheck(access, check), "nobody asks from outside")),
  ];
  return checks.length === 0 ? [] : [cloudCheck(access), ...checks];
}
