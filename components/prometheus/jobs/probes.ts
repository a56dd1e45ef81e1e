import { limited, type ScrapeJob } from "./job.ts";
import { keepingOnlyWhatIsRead } from "./kept.ts";

/** What is asked by somebody else than Prometheus. */
export interface Probes {
  /** Where the blackbox exporter answers. @example "blackbox.monitoring.svc.cluster.local:9115" */
  readonly prober: string;
  /** Its module. @example "site" */
  readonly module: string;
  /** What it asks for. @example ["https://whisper.example.com"] */
  readonly addresses: readonly string[];
}

/** The scrape job of what is asked as users ask it. */
export const siteJob = "blackbox";
/** The scrape job that finds out when certificates within the cluster end, and nothing else. */
export const certificatesJob = "blackbox-certificates";

/** The probes, each told by the address that was asked for. */
export function probeJob(
  job: typeof siteJob | typeof certificatesJob,
  { prober, module, addresses }: Probes,
): ScrapeJob {
  return {
    job_name: job,
    metrics_path: "/probe",
    params: { module: [module] },
    ...limited(200),
    static_configs: [{ targets: [...addresses] }],
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__param_target"], target_label: "instance" },
      { target_label: "__address__", replacement: prober },
    ],
    metric_relabel_configs: [
      // Whether these answer is told by others.
      ...(job === certificatesJob
        ? [{ source_labels: ["__name__"], regex: "probe_ssl_earliest_cert_expiry", action: "keep" } as const]
        : []),
      ...keepingOnlyWhatIsRead,
    ],
  };
}
