import type { DatabaseEngine } from "../../../catalog/engines.ts";
import { limited, type ScrapeJob } from "./job.ts";
import { keepingOnlyWhatIsRead } from "./kept.ts";

/** A managed database whose node DigitalOcean measures. */
export interface MeasuredDatabase {
  readonly engine: DatabaseEngine["slug"];
  /** What its series are told by. @example "whisper-staging-postgres" */
  readonly instance: string;
  /** `host:port`. */
  readonly address: string;
}

/** All of an account. */
export interface MeasuredDatabases {
  /** Who asks; his password is the file {@link passwordFile}. */
  readonly user: string;
  readonly clusters: readonly MeasuredDatabase[];
}

/** Where in its pod Prometheus finds what is secret. */
export const secretsFolder = "/etc/prometheus-secrets";

/** In {@link secretsFolder}: the password of the account's metrics endpoints. */
export const passwordFile = "databases-password";

/** In {@link secretsFolder}: the authorities that sign the endpoints' certificates. */
export const authoritiesFile = "databases-ca.crt";

/** The scrape job of each engine. */
export const jobOf: Readonly<Record<DatabaseEngine["slug"], string>> = {
  pg: "managed-postgres",
  valkey: "managed-valkey",
};

/** What DigitalOcean tells of its databases, over TLS and to who has the account's password; a job for each engine. */
export function databaseJobs({ user, clusters }: MeasuredDatabases): ScrapeJob[] {
  const engines = [...new Set(clusters.map(({ engine }) => engine))];
  return engines.map((engine) => ({
    job_name: jobOf[engine],
    scheme: "https",
    basic_auth: { username: user, password_file: `${secretsFolder}/${passwordFile}` },
    tls_config: { ca_file: `${secretsFolder}/${authoritiesFile}` },
    ...limited(20_000),
    static_configs: clusters
      .filter((cluster) => cluster.engine === engine)
      .map(({ instance, address }) => ({ targets: [address], labels: { instance } })),
    metric_relabel_configs: keepingOnlyWhatIsRead,
  }));
}
