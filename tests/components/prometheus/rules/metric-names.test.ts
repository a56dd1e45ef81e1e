import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { kubeStateMetrics } from "../../../../components/exporters/kube-state.ts";
import { dashboardsOf } from "../../../../components/grafana/dashboards/dashboards.ts";
import { releaseAnnotation } from "../../../../components/grafana/dashboards/render.ts";
import { families } from "../../../../components/prometheus/jobs/kept.ts";
import { ruleSets } from "../../../../components/prometheus/rules/rule-sets.ts";
import { metricsText as deliveryMetrics } from "../../../../images/gpu-pool-controller/src/delivery/metrics.ts";
import { grafanaArgs } from "../../grafana/args.ts";
import { metricsAskedFor, metricsOf } from "./metric-names.ts";
import { publishedMetrics } from "./published-metrics.ts";

const repository = new URL("../../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repository), "utf8");

/** The first column of the table of what the application tells. */
const ofApplication = [
  ...read("docs/metrics.md").matchAll(/^\| `(\w+)` \| (counter|gauge|histogram)/gm),
].flatMap(([, name = "", type]) =>
  type === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
);
const ofController = [
  ...read("images/gpu-pool-controller/src/metrics.ts").matchAll(/\bgpu_pool_\w+/g),
  ...deliveryMetrics({
    members: 0,
    current: 0,
    failing: 0,
    strangers: 0,
    deliveries: 0,
    failures: 0,
    readMs: 0,
    roundMs: 0,
  }).matchAll(/\bgpu_secrets_\w+/g),
].map(([name]) => name);

/** What the dashboards of an environment ask that has everything they can show. */
const panelQueries = dashboardsOf(grafanaArgs().facts)
  .flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))
  .flatMap(({ queries }) => queries.map(({ expression }) => expression));
const asked = metricsAskedFor(ruleSets, [...panelQueries, releaseAnnotation.expression]);

it("asks for nothing that nobody tells, in rules and in dashboards", () => {
  const told = new Set([
    // Prometheus' own: whether a target answers, and what fires.
    "up",
    "ALERTS",
    ...ofApplication,
    ...ofController,
    ...Object.values(publishedMetrics).flatMap(({ names }) => names),
  ]);
  expect(asked.filter((name) => !told.has(name))).toEqual([]);
});

it("lists no metric that nobody asks for", () => {
  const listed = Object.values(publishedMetrics).flatMap(({ names }) => names);
  expect(listed.filter((name) => !asked.includes(name))).toEqual([]);
});

it("finds the metrics of an expression, and nothing else in it", () => {
  const expression =
    'sum by (job) (rate(a_total{status=~"5.."}[5m])) / on (job) group_left (node) (b:c:d offset 1w > 2e3) unless c == 1';
  expect(metricsOf(expression)).toEqual(["a_total", "b:c:d", "c"]);
});

/** Scrape jobs of those that tell more than is kept of them. */
const jobs: Readonly<Record<string, (name: string) => string>> = {
  "postgres exporter": () => "postgres-exporter",
  "postgres exporter of today": () => "postgres-exporter",
  "redis exporter": () => "valkey-exporter",
  "managed databases": () => "managed-postgres",
  Prometheus: () => "prometheus",
  Alertmanager: () => "alertmanager",
  "kubelet and cAdvisor": (name) => (name.startsWith("container_") ? "cadvisor" : "kubelet"),
};

it("keeps what rules and dashboards ask for, of what is dropped as it comes in", () => {
  const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
  const dropped = Object.entries(publishedMetrics).flatMap(([exporter, { names }]) =>
    names.filter((name) =>
      families.some(
        ({ jobs: some, family, kept = "(?!)" }) =>
          whole(some).test(jobs[exporter]?.(name) ?? exporter) &&
          whole(family).test(name) &&
          !whole(kept).test(name),
      ),
    ),
  );
  expect(dropped).toEqual([]);
  const ofKubernetes = publishedMetrics["kube-state-metrics"]?.names ?? [];
  expect(ofKubernetes.filter((name) => !kubeStateMetrics.some((told) => told === name))).toEqual([]);
});
