/**
 * Whose images may run, by how a name begins, registry included: a registry where one publisher alone can push, or a
 * publisher's part of one where everybody can. A stack's configuration may name more (`policies:registries`).
 */
export const trustedRepositories: Readonly<Record<string, string>> = {
  "registry.digitalocean.com/": "our own images, which only our team pushes",
  "registry.k8s.io/": "Kubernetes' own",
  "docker.io/library/": "Docker's official images",
  "docker.io/nginx/": "nginx' maker: its exporter",
  "docker.io/nginxinc/": "nginx' maker: nginx without root",
  "docker.io/prom/": "Prometheus and its exporters",
  "docker.io/grafana/": "Grafana and Loki",
  "docker.io/otel/": "OpenTelemetry's collector",
  "docker.io/jaegertracing/": "Jaeger",
  "docker.io/falcosecurity/": "Falco",
  "docker.io/fluent/": "Fluent Bit",
  "docker.io/oliver006/": "the exporter of Valkey",
  "docker.io/rocm/": "AMD: the exporter of its GPUs",
  "docker.io/nvidia/": "NVIDIA: CUDA",
  "nvcr.io/nvidia/": "NVIDIA: the exporter of its GPUs",
  "quay.io/prometheuscommunity/": "the exporter of PostgreSQL",
  "docker.elastic.co/": "Elasticsearch and Kibana",
};
