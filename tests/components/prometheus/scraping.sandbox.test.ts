import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { rulesFile, scrapeConfiguration } from "../../../components/prometheus/configuration.ts";
import { serviceAccountFolder } from "../../../components/prometheus/jobs/job.ts";
import { createAuthority, issueServing, toPem } from "../../../sandbox/certificates.ts";
import { type Running, start } from "../alertmanager/live/process.ts";
import { prometheusIsHere } from "../alertmanager/live/prometheus.ts";
import { publishedMetrics } from "./rules/published-metrics.ts";

/*
 * A real Prometheus on the configuration that the component makes, with what discovery would find written in its place:
 * targets with the labels that it gives them, which everything else of the configuration works on.
 */

/** Which of the published metrics each job is told. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  "node-exporter": ["node exporter"],
  "postgres-exporter": ["postgres exporter", "postgres exporter of today"],
  "valkey-exporter": ["redis exporter"],
  "kube-state-metrics": ["kube-state-metrics"],
  edge: ["nginx exporter"],
  neo4j: ["Neo4j enterprise"],
  falco: ["Falco"],
  "gpu-worker-gpu": ["DCGM exporter", "AMD device metrics exporter"],
  prometheus: ["Prometheus"],
  alertmanager: ["Alertmanager"],
  kubelet: ["kubelet and cAdvisor"],
  cadvisor: ["kubelet and cAdvisor"],
  blackbox: ["blackbox exporter", "blackbox exporter on TLS"],
};
const namesOf = (job: string) =>
  (toldBy[job] ?? []).flatMap((exporter) => publishedMetrics[exporter]?.names ?? []);

/** What each tells besides, and nobody reads. */
const noise = {
  ".+": ["go_gc_duration_seconds", "promhttp_metric_handler_requests_total"],
  "postgres-exporter": ["pg_settings_work_mem_bytes", "pg_statio_user_tables_heap_blocks_hit"],
  "valkey-exporter": ["redis_config_maxclients"],
  prometheus: ["prometheus_http_request_duration_seconds_bucket", "prometheus_sd_updates_total"],
  kubelet: ["kubelet_http_requests_total", "apiserver_audit_event_total"],
  cadvisor: ["container_fs_reads_bytes_total", "machine_cpu_cores"],
};
const noiseOf = (job: string) =>
  Object.entries(noise).flatMap(([jobs, names]) => (new RegExp(`^${jobs}$`).test(job) ? names : []));

const ofAContainer =
  '{id="/kubepods.slice/a",namespace="app",pod="api-0",container="api",image="i",name="n"}';

/** Samples of a job, as text. */
function metricsTextOf(job: string): string {
  const labels = job === "kube-state-metrics" ? '{namespace="app",pod="api-0",node="node-b"}' : "";
  const names = [...namesOf(job), ...noiseOf(job)];
  if (job !== "cadvisor") return names.map((name) => `${name}${labels} 1\n`).join("");
  return names
    .flatMap((name) => [
      `${name}${ofAContainer} 1\n`,
      `${name}{id="/"} 1\n`,
      `${name}{id="/kubepods.slice"} 1\n`,
    ])
    .join("");
}

const servers: Server[] = [];
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const meta = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [`__meta_kubernetes_${label}`, value]));

/** A pod as Prometheus discovers it. */
const pod = (job: string, target: string, more: Readonly<Record<string, string>> = {}) => ({
  targets: [target],
  labels: meta({
    namespace: "whisper-staging-stores",
    pod_name: `${job}-0`,
    pod_node_name: "node-a",
    pod_phase: "Running",
    pod_label_app_kubernetes_io_name: job,
    pod_container_port_number: "9000",
    pod_annotation_prometheus_io_scrape: "true",
    pod_annotation_prometheus_io_port: "9000",
    ...more,
  }),
});

/** Labels of a series, but for its name. */
type Labels = Readonly<Record<string, string>>;

describe.skipIf(!prometheusIsHere)("Prometheus on the configuration that it is given", () => {
  let folder: string;
  let prometheus: Running;
  const asked: Record<string, string | undefined> = {};

  /** The labels of every series that a selector chooses. */
  async function series(selector: string): Promise<Labels[]> {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(selector)}`);
    const { data } = (await answer.json()) as { data: { result: { metric: Labels }[] } };
    return data.result.map(({ metric }) => metric);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "scraping-"));
    const tell =
      (job: string): RequestListener =>
      (request, response) => {
        asked[request.url ?? ""] = request.headers.authorization;
        response.writeHead(200, { "content-type": "text/plain" }).end(metricsTextOf(job));
      };
    const authority = await createAuthority("cluster");
    const { key, certificate: cert } = await issueServing("node-a", authority, {
      dnsNames: [],
      ipAddresses: ["127.0.0.1"],
    });
    writeFileSync(join(folder, "ca.crt"), (await toPem(authority)).certificate);
    writeFileSync(join(folder, "token"), "token-of-the-account");
    const kubelet = await listen(
      createHttpsServer({ key, cert }, (request, response) =>
        tell(request.url === "/metrics" ? "kubelet" : "cadvisor")(request, response),
      ),
    );
    const at: Record<string, string> = {};
    for (const job of Object.keys(toldBy)) at[job] = await listen(createHttpServer(tell(job)));
    const large = await listen(
      createHttpServer((_, response) =>
        response.end(Array.from({ length: 20_001 }, (_, index) => `many{user="${index}"} 1\n`).join("")),
      ),
    );
    const text = scrapeConfiguration({
      environment: "staging",
      namespaces: ["whisper-staging-stores"],
      machines: { "gpu-worker-gpu": [at["gpu-worker-gpu"] ?? ""] },
      alertmanagers: [at.alertmanager ?? ""],
      probes: { prober: at.blackbox ?? "", module: "site", addresses: ["https://whisper.example.com"] },
      scrapeIntervalSeconds: 5,
    });
    const configuration = parse(text.replaceAll(serviceAccountFolder, folder));
    configuration.global = { ...configuration.global, scrape_interval: "1s", scrape_timeout: "1s" };
    const found: Record<string, object[]> = {
      pods: [
        ...["edge", "neo4j", "valkey-exporter"].map((job) => pod(job, at[job] ?? "")),
        pod("postgres-exporter", at["postgres-exporter"] ?? "", {
          pod_annotation_prometheus_io_instance: "whisper-staging-postgres",
        }),
        ...["node-exporter", "falco"].map((job) =>
          pod(job, at[job] ?? "", { namespace: "whisper-staging-node-agents" }),
        ),
        pod("talkative", large),
        pod("unasked", large, { pod_annotation_prometheus_io_scrape: "false" }),
      ],
      "pods-that-tell-of-others": [
        pod("kube-state-metrics", at["kube-state-metrics"] ?? "", {
          pod_annotation_prometheus_io_tells_of_others: "true",
          pod_annotation_prometheus_io_instance: "whisper-staging-cluster",
        }),
      ],
      kubelet: [{ targets: [kubelet], labels: meta({ node_name: "node-a" }) }],
      cadvisor: [{ targets: [kubelet], labels: meta({ node_name: "node-a" }) }],
    };
    for (const job of configuration.scrape_configs) {
      if (job.job_name === "prometheus") job.static_configs = [{ targets: [at.prometheus] }];
      if (!("kubernetes_sd_configs" in job)) continue;
      delete job.kubernetes_sd_configs;
      job.static_configs = found[job.job_name];
    }
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "prometheus.yml"), stringify(configuration));
    writeFileSync(join(folder, rulesFile), "groups: []");
    prometheus = await start("prometheus", [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ]);
    const jobs = [...Object.keys(toldBy), "talkative"].toSorted();
    await vi.waitFor(
      async () => expect((await series("up")).map(({ job }) => job).toSorted()).toEqual(jobs),
      {
        timeout: 60_000,
        interval: 100,
      },
    );
  });

  afterAll(async () => {
    await prometheus?.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(toldBy))("keeps of %s what rules ask, and loses what nobody reads", async (job) => {
    const names = new Set((await series(`{job="${job}"}`)).map(({ __name__ = "" }) => __name__));
    // Of the two halves of the kubelet each is told what the other is, and keeps its own.
    const halves: Record<string, RegExp> = { kubelet: /^kubelet_/, cadvisor: /^container_/ };
    const own = namesOf(job).filter((name) => (halves[job] ?? /./).test(name));
    expect(own.filter((name) => !names.has(name))).toEqual([]);
    expect([...names].filter((name) => noiseOf(job).includes(name))).toEqual([]);
    expect((await series(`{job="${job}", __tmp_fate!=""}`)).length).toBe(0);
  });

  it("names what is told by where it is: pods, nodes, stores and public names", async () => {
    expect(await series('up{job="edge"}')).toMatchObject([
      { namespace: "whisper-staging-stores", pod: "edge-0", node: "node-a" },
    ]);
    expect(await series('up{job="node-exporter"}')).toMatchObject([{ instance: "node-a", node: "node-a" }]);
    expect(await series('up{job="postgres-exporter"}')).toMatchObject([
      { instance: "whisper-staging-postgres" },
    ]);
    expect(await series('probe_success{job="blackbox"}')).toMatchObject([
      { instance: "https://whisper.example.com" },
    ]);
    expect(Object.keys(asked)).toContain("/probe?module=site&target=https%3A%2F%2Fwhisper.example.com");
  });

  it("lets kube-state-metrics tell of others by their names, and never by its own", async () => {
    expect(await series('kube_pod_info{job="kube-state-metrics"}')).toMatchObject([
      { namespace: "app", pod: "api-0", node: "node-b", instance: "whisper-staging-cluster" },
    ]);
    expect(await series('up{job="kube-state-metrics"}')).toEqual([
      { __name__: "up", job: "kube-state-metrics", instance: "whisper-staging-cluster" },
    ]);
  });

  it("shows the kubelets its token, and keeps of their groups of processes containers and the node", async () => {
    expect(asked["/metrics/cadvisor"]).toBe("Bearer token-of-the-account");
    const groups = await series('container_cpu_usage_seconds_total{job="cadvisor"}');
    expect(groups.map(({ id }) => id).toSorted()).toEqual(["/", "/kubepods.slice/a"]);
    for (const group of groups) {
      expect(group).toMatchObject({ node: "node-a" });
      expect(Object.keys(group)).not.toContain("image");
    }
  });

  it("refuses a target that tells too much, whole", async () => {
    expect(await series('up{job="talkative"} == 0')).toHaveLength(1);
    expect(await series("many")).toEqual([]);
  });
});
