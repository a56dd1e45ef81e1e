/** Something that Grafana reads from. The first of a list is what is asked where nothing else is said. */
export interface DataSource {
  /** By which dashboards name it: one of {@link dataSourceUids}. @example "prometheus" */
  readonly uid: string;
  /** What people call it. @example "Prometheus" */
  readonly name: string;
  /** Grafana's name of what it speaks; those that come with Grafana need nothing else. @example "prometheus" */
  readonly type: "alertmanager" | "elasticsearch" | "jaeger" | "loki" | "prometheus";
  /** Where it is within the cluster. @example "http://prometheus.monitoring.svc.cluster.local:9090" */
  readonly url: string;
  /**
   * What Grafana's documentation of the type calls `jsonData`.
   * @default none
   */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Names by which dashboards and links know the data sources. */
export const dataSourceUids = {
  prometheus: "prometheus",
  history: "prometheus-history",
  alertmanager: "alertmanager",
  jaeger: "jaeger",
  loki: "loki",
} as const;

/**
 * Prometheus, asked for nothing finer than it was told.
 *
 * @param scrapeIntervalSeconds How often it asks others.
 */
export const prometheusSource = (url: string, scrapeIntervalSeconds: number): DataSource => ({
  uid: dataSourceUids.prometheus,
  name: "Prometheus",
  type: "prometheus",
  url,
  settings: {
    httpMethod: "POST",
    timeInterval: `${scrapeIntervalSeconds}s`,
    manageAlerts: true,
    // An example of a slow request leads to its trace.
    exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: dataSourceUids.jaeger }],
  },
});

/**
 * The Prometheus that keeps what the rules record, for longer.
 *
 * @param intervalSeconds How often it takes that over.
 */
export const historySource = (url: string, intervalSeconds: number): DataSource => ({
  uid: dataSourceUids.history,
  name: "Prometheus, aggregates",
  type: "prometheus",
  url,
  settings: { httpMethod: "POST", timeInterval: `${intervalSeconds}s`, manageAlerts: false },
});

/** Alertmanager, whose alerts and silences are seen in Grafana too. */
export const alertmanagerSource = (url: string): DataSource => ({
  uid: dataSourceUids.alertmanager,
  name: "Alertmanager",
  type: "alertmanager",
  url,
  settings: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
});

/** Jaeger, whose traces are looked for and shown in Grafana. */
export const jaegerSource = (url: string): DataSource => ({
  uid: dataSourceUids.jaeger,
  name: "Jaeger",
  type: "jaeger",
  url,
});

/** Loki, whose lines are read in Explore. */
export const lokiSource = (url: string): DataSource => ({
  uid: dataSourceUids.loki,
  name: "Loki",
  type: "loki",
  url,
  settings: { maxLines: 1000 },
});
