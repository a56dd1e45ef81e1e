import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import { renderRules } from "../components/prometheus/rules/render.ts";
import { ruleSets } from "../components/prometheus/rules/rule-sets.ts";

/** How a real Prometheus does with many series of the kinds that the rules ask for. */
export interface PrometheusLoad {
  /** Series that it keeps. */
  readonly series: number;
  /** Of its process, MiB, each half minute. */
  readonly memoryMib: readonly number[];
  /** Of one evaluation of all rules, one after the other, seconds, each half minute. */
  readonly evaluationSeconds: readonly number[];
  /** How often they are evaluated. */
  readonly intervalSeconds: number;
}

const intervalSeconds = 30;

/** What one target tells: a pod of the API, of a node its containers, or the state of Kubernetes. */
function metricsOf(pod: number): string {
  const lines: string[] = [];
  const bounds = ["0.1", "0.25", "0.5", "1", "2", "5", "+Inf"];
  for (let handler = 0; handler < 60; handler += 1) {
    for (const method of ["GET", "POST"]) {
      const labels = `handler="/h/${handler}",method="${method}"`;
      for (const status of ["200", "404", "500"]) {
        lines.push(`http_requests_total{${labels},status="${status}"} ${handler}`);
      }
      for (const bound of bounds) {
        lines.push(`http_request_duration_seconds_bucket{${labels},le="${bound}"} ${handler}`);
      }
      lines.push(`http_request_duration_seconds_count{${labels}} ${handler}`);
      lines.push(`http_request_duration_seconds_sum{${labels}} ${handler}`);
    }
  }
  for (let container = 0; container < 60; container += 1) {
    const labels = `namespace="n",pod="p-${pod}-${container}",container="c"`;
    lines.push(`container_cpu_usage_seconds_total{${labels}} ${container}`);
    lines.push(`container_memory_working_set_bytes{${labels}} ${container}`);
    lines.push(`kube_pod_container_status_restarts_total{${labels}} 0`);
    lines.push(`kube_pod_container_resource_requests{${labels},resource="cpu"} 1`);
    lines.push(`kube_pod_container_info{${labels},image="i:1"} 1`);
    for (const phase of ["Pending", "Running", "Succeeded", "Failed", "Unknown"]) {
      lines.push(`kube_pod_status_phase{namespace="n",pod="p-${pod}-${container}",phase="${phase}"} 0`);
    }
  }
  for (let cpu = 0; cpu < 4; cpu += 1) {
    for (const mode of ["idle", "user", "system", "iowait"]) {
      lines.push(`node_cpu_seconds_total{cpu="${cpu}",mode="${mode}"} ${cpu}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Has a real Prometheus collect so many series for so long, with all rules, and looks at it each half minute.
 *
 * @param program The Prometheus on the path.
 */
export async function measurePrometheus(
  program: string,
  wantedSeries: number,
  minutes: number,
): Promise<PrometheusLoad> {
  const folder = await mkdtemp(join(tmpdir(), "bench-prometheus-"));
  const perTarget = metricsOf(0).split("\n").length - 1;
  const pods = Array.from({ length: Math.ceil(wantedSeries / perTarget) }, (_, pod) => metricsOf(pod));
  const server = createServer((request, response) =>
    response.end(pods[Number(request.url?.split("/").at(-1))] ?? ""),
  );
  const port = await listen(server);
  await writeFile(join(folder, "rules.yml"), renderRules(ruleSets, { runbooks: "runbooks" }));
  await writeFile(join(folder, "prometheus.yml"), configuration(pods.length, port));
  await mkdir(join(folder, "data"));
  const child = spawn(
    program,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  try {
    const url = await addressOf(child);
    const memoryMib: number[] = [];
    const evaluationSeconds: number[] = [];
    for (let look = 0; look < minutes * 2; look += 1) {
      await delay(intervalSeconds * 1000);
      memoryMib.push(await residentMib(child.pid));
      evaluationSeconds.push(await figure(url, "prometheus_rule_group_last_duration_seconds"));
    }
    const series = await figure(url, "prometheus_tsdb_head_series");
    return { series, memoryMib, evaluationSeconds, intervalSeconds };
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const configuration = (pods: number, port: number): string =>
  stringify({
    global: { scrape_interval: `${intervalSeconds}s`, evaluation_interval: `${intervalSeconds}s` },
    rule_files: ["rules.yml"],
    scrape_configs: [
      {
        job_name: "api",
        static_configs: Array.from({ length: pods }, (_, pod) => ({
          targets: [`127.0.0.1:${port}`],
          labels: { __metrics_path__: `/${pod}`, instance: `api-${pod}` },
        })),
      },
    ],
  });

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** It says where it listens, and is read to its end so that it never waits for us. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error("Prometheus was started without a way to be heard.");
  return new Promise((resolve, reject) => {
    let said = "";
    stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-10_000);
      const address = /Listening on.*address=(\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
    stderr.on("end", () => reject(new Error(`Prometheus has ended:\n${said}`)));
  });
}

async function residentMib(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** The sum of one of the figures that Prometheus tells of itself. */
async function figure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.replace(/[{ ].*/, "") === name)
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}
