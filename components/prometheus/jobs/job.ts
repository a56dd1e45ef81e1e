/** A part of prometheus.yml below `scrape_configs`. */
export type ScrapeJob = { readonly job_name: string } & Readonly<Record<string, unknown>>;

/** A step of `relabel_configs` or `metric_relabel_configs`. */
export interface Relabelling {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: "keep" | "drop" | "keepequal" | "labeldrop" | "replace";
}

/**
 * Refuses what is a mistake and no metric: an answer with more samples than a target of the job can have, or with labels
 * that no reader has a use for. Such a target is `up == 0`, and `ScrapesTooLarge` says why.
 *
 * @param samples The most that one target of the job tells.
 */
export const limited = (samples: number) => ({
  body_size_limit: "20MB",
  sample_limit: samples,
  label_limit: 40,
  label_name_length_limit: 128,
  label_value_length_limit: 1024,
});

/** What a pod's token of Kubernetes and the authority of its API are called in the pod. */
export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
