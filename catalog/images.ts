/** A container image somebody else builds and we run. */
export interface ContainerImage {
  /** Registry, when it is not Docker Hub, and repository. */
  readonly repository: string;
  /** The version; never `latest`, never a moving tag. */
  readonly tag: string;
  /** `sha256:...` of all its platforms, once it is known; it wins over the tag. */
  readonly digest?: string;
  /** Who says that this is the tag's digest, where we have not asked the registry ourselves. */
  readonly digestFrom?: string;
  /** Why this image and why this version. */
  readonly reason: string;
  /** The day the pin was set (ISO 8601). */
  readonly pinnedOn: string;
}

/** Images of others that run in our clusters and on our droplets. */
export const containerImages = {
  nginx: {
    repository: "nginxinc/nginx-unprivileged",
    tag: "1.29.3-alpine",
    reason: "runs as uid 101 with a read-only root; from 1.27.3 on an upstream can follow DNS (`resolve`)",
    pinnedOn: "2026-11-21",
  },
  nginxExporter: {
    repository: "nginx/nginx-prometheus-exporter",
    tag: "1.4.2",
    reason: "nginx itself has no Prometheus format",
    pinnedOn: "2026-11-21",
  },
  postgres: {
    repository: "postgres",
    tag: "18.1-alpine",
    reason: "its psql, of the server's own major version, gives the database's users their rights",
    pinnedOn: "2026-11-21",
  },
  prometheus: {
    repository: "prom/prometheus",
    tag: "v3.7.3",
    reason: "the version whose promtool checks our configuration in the tests",
    pinnedOn: "2026-11-21",
  },
  postgresExporter: {
    repository: "quay.io/prometheuscommunity/postgres-exporter",
    tag: "v0.18.1",
    reason: "reads its password from a file, and verifies the server's certificate",
    pinnedOn: "2026-11-22",
  },
  redisExporter: {
    repository: "oliver006/redis_exporter",
    tag: "v1.80.2",
    reason: "the only exporter that counts what waits in a queue; speaks to Valkey 8",
    pinnedOn: "2026-11-22",
  },
  elasticsearchExporter: {
    repository: "quay.io/prometheuscommunity/elasticsearch-exporter",
    tag: "v1.9.0",
    reason: "the newest whose module was at hand, so that it could be run here",
    pinnedOn: "2026-11-22",
  },
  blackboxExporter: {
    repository: "prom/blackbox-exporter",
    tag: "v0.27.0",
    reason: "Prometheus' own way to ask what users ask",
    pinnedOn: "2026-11-22",
  },
  kubeStateMetrics: {
    repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    tag: "v2.17.0",
    reason: "Kubernetes' own; asks nothing of the API but what it is told to tell of",
    pinnedOn: "2026-11-22",
  },
  nodeExporter: {
    repository: "prom/node-exporter",
    tag: "v1.10.2",
    reason: "Prometheus' own, of which GPU droplets have Ubuntu's package",
    pinnedOn: "2026-11-22",
  },
  alertmanager: {
    repository: "prom/alertmanager",
    tag: "v0.31.1",
    reason:
      "the newest that Go builds from its module alone, so that it could be tried here with its own amtool",
    pinnedOn: "2026-11-22",
  },
  grafana: {
    repository: "grafana/grafana",
    tag: "12.4.10",
    reason:
      "the last minor version of 12, kept until May 2027: from 13.2 on its data sources are plugins that it fetches when it starts, which a read-only root without a way out does not let it",
    pinnedOn: "2026-11-22",
  },
  openTelemetryCollector: {
    repository: "otel/opentelemetry-collector-contrib",
    tag: "0.151.0",
    reason:
      "the distribution with tail sampling and redaction; a version whose modules Go builds, so that our configuration was tried with it",
    pinnedOn: "2026-11-22",
  },
  jaeger: {
    repository: "jaegertracing/jaeger",
    tag: "2.13.0",
    reason: "the newest Jaeger 2 that is a module of Go's too, as 1.76.0, so that it could be tried here",
    pinnedOn: "2026-11-22",
  },
  neo4jCommunity: {
    repository: "neo4j",
    tag: "5.26.12-community",
    reason:
      "5.26 is the long-term release, kept until June 2028; this patch is the one the sandbox can run too",
    pinnedOn: "2026-11-21",
  },
  neo4jEnterprise: {
    repository: "neo4j",
    tag: "5.26.12-enterprise",
    reason: "the same version as the community edition: what staging has seen runs in production",
    pinnedOn: "2026-11-21",
  },
  falco: {
    repository: "falcosecurity/falco",
    tag: "0.44.1",
    reason: "Falco's own; brings its eBPF probe and its rules, so that nothing is fetched or built on a node",
    pinnedOn: "2026-11-21",
  },
  loki: {
    repository: "grafana/loki",
    tag: "3.7.8",
    reason: "the newest that Go builds from its module, so that its configuration could be tried here",
    pinnedOn: "2026-11-22",
  },
  elasticsearch: {
    repository: "docker.elastic.co/elasticsearch/elasticsearch",
    tag: "9.5.2",
    reason: "of the line that is maintained; the one that public repositories name with its digest",
    pinnedOn: "2026-11-22",
  },
  kibana: {
    repository: "docker.elastic.co/kibana/kibana",
    tag: "9.5.2",
    reason: "takes no other version of Elasticsearch than its own",
    pinnedOn: "2026-11-22",
  },
  fluentBit: {
    repository: "fluent/fluent-bit",
    tag: "5.1.1",
    reason: "the newest whose source was at hand, so that its configuration could be tried here",
    pinnedOn: "2026-11-22",
  },
  nvidiaGpuExporter: {
    repository: "nvcr.io/nvidia/k8s/dcgm-exporter",
    tag: "4.6.0-4.8.3-distroless",
    reason: "NVIDIA's own; brings its DCGM, so that the host needs drivers alone",
    pinnedOn: "2026-11-21",
  },
  amdGpuExporter: {
    repository: "rocm/device-metrics-exporter",
    tag: "v1.5.0",
    reason: "AMD's own exporter of its GPUs' metrics",
    pinnedOn: "2026-11-21",
  },
} as const satisfies Record<string, ContainerImage>;

/**
 * Images of others that ours are built from, in `images/`. The digests were read on 2026-11-22; a build of one that were
 * wrong fails, or misses a platform, and never takes another image.
 */
export const baseImages = {
  python: {
    repository: "python",
    tag: "3.13.14-slim-trixie",
    digest: "sha256:bf503bb2243c5aad0aa951544dd60d165f992646441d35dea90893703fc26251",
    digestFrom:
      "the pins of six public repositories that name the tag, or 3.13, with it; others have the digests of earlier builds of the tag",
    reason: "the newest Python that the packages of FastAPI and Celery have wheels for on both platforms",
    pinnedOn: "2026-11-21",
  },
  node: {
    repository: "node",
    tag: "24.21.0-trixie-slim",
    digest: "sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe",
    digestFrom:
      "the pins of five public repositories that name the tag with it, two of them built for both platforms",
    reason: "the long-term release; runs TypeScript as it stands",
    pinnedOn: "2026-11-21",
  },
  cuda: {
    repository: "nvidia/cuda",
    tag: "12.9.1-cudnn-runtime-ubuntu24.04",
    digest: "sha256:d02c4310b6d57ca0b16cd80298bdb33a74187baafe2eccd8a6a16180ddc90802",
    digestFrom:
      "the pins of five public repositories that name the tag with it, here and at nvcr.io, one of them built for both platforms",
    reason:
      "cuBLAS and cuDNN of the last CUDA 12, which CTranslate2's and PyTorch's wheels are built for; both platforms",
    pinnedOn: "2026-11-21",
  },
  rocm: {
    repository: "rocm/dev-ubuntu-24.04",
    tag: "7.2.4",
    digest: "sha256:bdc8e61026cbb844ede93d44d2c50055f51ebb2041906b60182bf3bee3139054",
    digestFrom: "the pins of six public repositories that name the tag with it",
    reason: "AMD's runtime on the same Ubuntu as the others; there is none for ARM64",
    pinnedOn: "2026-11-21",
  },
  ubuntu: {
    repository: "ubuntu",
    tag: "noble-20251013",
    digest: "sha256:c35e29c9450151419d9448b0fd75374fec4fff364a27f176fb458d472dfc9e54",
    digestFrom:
      "the pins of four public repositories that name the tag with it, and Docker saying so as it resolves 24.04 of that time",
    reason:
      "workers without a GPU have the Python of those with one; the date makes the tag one that does not move",
    pinnedOn: "2026-11-21",
  },
} as const satisfies Record<string, ContainerImage>;

/** An operating system image a droplet can start from. */
export interface DropletImage {
  readonly slug: string;
  readonly distribution: string;
  readonly name: string;
  readonly minimumDiskGib: number;
  /** Why it is here. */
  readonly reason: string;
  /** The GPU brand whose drivers are in the image, and how many GPUs it is meant for. */
  readonly gpu?: { readonly brand: "nvidia" | "amd"; readonly counts: readonly number[] };
}

/** The day {@link dropletImages} was written down, from DigitalOcean's documentation (ISO 8601). */
export const dropletImagesCheckedOn = "2026-11-21";

/** Droplet images the platform knows. */
export const dropletImages: readonly DropletImage[] = [
  {
    slug: "debian-12-x64",
    distribution: "Debian",
    name: "12 x64",
    minimumDiskGib: 7,
    reason: "what the nodes of a cluster are made of in the sandbox",
  },
  {
    slug: "debian-13-x64",
    distribution: "Debian",
    name: "13 x64",
    minimumDiskGib: 7,
    reason: "droplets without a GPU, as the tests of the sandbox make some; the platform has none",
  },
  {
    slug: "ubuntu-22-04-x64",
    distribution: "Ubuntu",
    name: "22.04 (LTS) x64",
    minimumDiskGib: 7,
    reason: "offered by the sandbox, as by DigitalOcean: the platform starts nothing from it",
  },
  {
    slug: "ubuntu-24-04-x64",
    distribution: "Ubuntu",
    name: "24.04 (LTS) x64",
    minimumDiskGib: 7,
    reason: "offered by the sandbox, as by DigitalOcean: the platform starts nothing from it",
  },
  {
    slug: "gpu-h100x1-base",
    distribution: "Ubuntu",
    name: "NVIDIA AI/ML Ready",
    minimumDiskGib: 25,
    reason: "drivers for any single NVIDIA GPU, whatever its name says: the pool installs none itself",
    gpu: { brand: "nvidia", counts: [1] },
  },
  {
    slug: "gpu-h100x8-base",
    distribution: "Ubuntu",
    name: "NVIDIA AI/ML Ready with NVLink",
    minimumDiskGib: 25,
    reason: "drivers and the fabric manager that eight NVIDIA GPUs with NVLink need",
    gpu: { brand: "nvidia", counts: [8] },
  },
  {
    slug: "gpu-amd-base",
    distribution: "Ubuntu",
    name: "AMD AI/ML Ready",
    minimumDiskGib: 25,
    reason: "drivers of AMD's GPUs, one or eight",
    gpu: { brand: "amd", counts: [1, 8] },
  },
];
