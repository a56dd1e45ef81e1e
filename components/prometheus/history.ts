import { stringify } from "yaml";
import type { Place } from "../workload/place.ts";
import { limited } from "./jobs/job.ts";

/** How long recorded aggregates are kept, and on what. */
export interface HistoryArgs {
  /**
   * How long.
   * @default 90
   */
  readonly retentionDays?: number;
  /** Its volume; it can be enlarged later, never made smaller. */
  readonly diskGib: number;
}

/** How long aggregates are kept where nothing is said. */
export const historyRetentionDays = 90;

/** How often aggregates are taken over; what is seen of a quarter of a year need not be finer. */
export const historyIntervalSeconds = 60;

/** Aggregates that there may be: some hundreds of them, for each part of the application, volume and node. */
export const historySeries = 10_000;

/** Name of its configuration, beside that of the Prometheus it reads from. */
export const historyConfigurationFile = "history.yml";

/**
 * The configuration of the second, small Prometheus: each minute it takes over what the first has recorded, under the same
 * names and labels. Aggregates of single pods are left out: a pod is gone after a release, and nobody compares with it.
 *
 * It reads through the Service, which leads to either of two replicas: what one of them tells is enough, and when it is
 * away the other answers. Were both to write here (remote write), every sample would come twice, or a replica's name be on
 * every series.
 */
export function historyConfiguration(
  { metadata: { name, namespace } }: Pick<Place, "metadata">,
  port: number,
): string {
  return stringify({
    global: {
      scrape_interval: `${historyIntervalSeconds}s`,
      scrape_timeout: "30s",
    },
    scrape_configs: [
      {
        job_name: "federation",
        honor_labels: true,
        metrics_path: "/federate",
        params: { "match[]": ['{__name__=~".+:.+", __name__!~"pod:.+"}'] },
        ...limited(historySeries),
        static_configs: [{ targets: [`${name}.${namespace}.svc.cluster.local:${port}`] }],
        // Labels that the first puts on what leaves it, and which its own series lack.
        metric_relabel_configs: [{ regex: "replica|environment", action: "labeldrop" }],
      },
    ],
  });
}
