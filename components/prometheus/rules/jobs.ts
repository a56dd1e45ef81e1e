/**
 * Scrape jobs that only tell of others, or watch: while one of them is away nobody misses a service, but something is
 * not seen. Whoever is not among them serves somebody, and is missed after a minute.
 */
const observers = [
  ".+-exporter",
  "blackbox",
  "blackbox-certificates",
  "cadvisor",
  "falco",
  "gpu-worker-gpu",
  "gpu-worker-machine",
  "kube-state-metrics",
  "kubelet",
  "prometheus.*",
  "alertmanager",
  "grafana",
  "loki",
  "managed-.+",
  "elasticsearch",
  "log-shipping",
  "opentelemetry-collector",
  "jaeger",
] as const;

/** A regular expression of PromQL that matches the jobs of all who only watch. */
export const observersPattern = observers.join("|");
