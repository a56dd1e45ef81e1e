import { stringify } from "yaml";
import { databaseJobs, type MeasuredDatabases } from "./jobs/databases.ts";
import { limited } from "./jobs/job.ts";
import { keepingOnlyWhatIsRead } from "./jobs/kept.ts";
import { kubeletJobs } from "./jobs/kubelets.ts";
import { podJobs } from "./jobs/pods.ts";
import { certificatesJob, type Probes, probeJob, siteJob } from "./jobs/probes.ts";

/** Where Prometheus looks for pods that have something to tell. */
interface ScrapeSettings {
  /** Environment; a label on everything that leaves this Prometheus. */
  readonly environment: string;
  /** Namespaces whose pods it may see. */
  readonly namespaces: readonly string[];
  /** Machines outside the cluster with metrics, as `host:port`, or the address that tells them, by job. */
  readonly machines: Record<string, readonly string[] | { readonly discovery: string }>;
  /** Where every Alertmanager answers, as `host:port`: each is told all alerts, and asked for metrics. */
  readonly alertmanagers: readonly string[];
  /** Public names that are asked as users ask them. Absent: none. */
  readonly probes?: Probes | undefined;
  readonly certificates?: Probes | undefined;
  /** Managed databases whose nodes DigitalOcean measures. Absent: none. */
  readonly databases?: MeasuredDatabases | undefined;
  /** Where the one that keeps aggregates answers, as `host:port`. Absent: there is none. */
  readonly history?: string | undefined;
  /** How often it asks. */
  readonly scrapeIntervalSeconds: number;
}

/** Name of the file that Prometheus begins with. */
export const configurationFile = "prometheus.yml";

/** Name of the file of the rules, beside it. */
export const rulesFile = "rules.yml";

/**
 * The whole prometheus.yml. Pods are found by the annotations that workloads put on themselves, and nodes by themselves:
 * nothing here names one of them.
 */
export function scrapeConfiguration(settings: ScrapeSettings): string {
  const {
    environment,
    namespaces,
    machines,
    alertmanagers,
    probes,
    certificates,
    databases,
    history,
    scrapeIntervalSeconds,
  } = settings;
  const alertmanagerTargets = { static_configs: [{ targets: [...alertmanagers] }] };
  return stringify({
    global: {
      scrape_interval: `${scrapeIntervalSeconds}s`,
      scrape_timeout: `${Math.min(10, scrapeIntervalSeconds)}s`,
      evaluation_interval: `${scrapeIntervalSeconds}s`,
      // Prometheus puts the variable's value here: of two replicas, each says which it is.
      external_labels: { environment, [replicaLabel]: `\${POD_NAME}` },
    },
    ...(alertmanagers.length > 0 && {
      alerting: {
        alertmanagers: [alertmanagerTargets],
        // The same alert of both is one.
        alert_relabel_configs: [{ regex: replicaLabel, action: "labeldrop" }],
      },
    }),
    rule_files: [rulesFile],
    scrape_configs: [
      { job_name: "prometheus", static_configs: [{ targets: ["127.0.0.1:9090"] }], ...own },
      ...(history === undefined
        ? []
        : [{ job_name: "prometheus-history", static_configs: [{ targets: [history] }], ...own }]),
      ...(alertmanagers.length > 0 ? [{ job_name: "alertmanager", ...alertmanagerTargets, ...own }] : []),
      ...Object.entries(machines).map(([job, targets]) => ({
        job_name: job,
        ...("discovery" in targets
          ? { http_sd_configs: [{ url: targets.discovery, refresh_interval: "30s" }] }
          : { static_configs: [{ targets: [...targets] }] }),
        ...own,
      })),
      ...podJobs(namespaces),
      ...kubeletJobs(),
      ...(databases ? databaseJobs(databases) : []),
      ...(probes ? [probeJob(siteJob, probes)] : []),
      ...(certificates ? [probeJob(certificatesJob, certificates)] : []),
    ],
  });
}

/** By what two replicas are told apart. */
const replicaLabel = "replica";

/** Of what is asked by its address. */
const own = { ...limited(20_000), metric_relabel_configs: keepingOnlyWhatIsRead };
