import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { rulesFile, scrapeConfiguration } from "../../../../components/prometheus/configuration.ts";
import { renderRules } from "../../../../components/prometheus/rules/render.ts";
import type { RuleSet } from "../../../../components/prometheus/rules/rule.ts";
import { ruleSets } from "../../../../components/prometheus/rules/rule-sets.ts";
import { installedProgram } from "../amtool.ts";
import { hastened, type Running, start } from "./process.ts";

/** Whether Prometheus is installed. */
export const prometheusIsHere = (await installedProgram("prometheus")) !== undefined;
if (!prometheusIsHere) {
  process.stderr.write("NOT RUN: Prometheus is not installed, so nobody sees an alert come of a metric\n");
}

/** By what all windows and waits of the rules are divided, and how often metrics are asked for: five minutes are five seconds. */
const hastenedBy = 60;

/** Something that has metrics to tell. */
export interface Target {
  /** As `host:port`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Starts something that Prometheus asks for metrics.
 *
 * @param metrics what it tells whenever it is asked; undefined, and it fails
 */
export async function startTarget(metrics: () => string | undefined): Promise<Target> {
  const server = createServer((_, response) => {
    const text = metrics();
    response.writeHead(text === undefined ? 503 : 200, { "content-type": "text/plain" }).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The expressions and waits of a set in a test's time, its texts as they are. */
function hastenedSet(set: RuleSet): RuleSet {
  const quick = (text: string) => hastened(text, hastenedBy);
  return {
    ...set,
    recordings: (set.recordings ?? []).map((each) => ({ ...each, expression: quick(each.expression) })),
    alerts: (set.alerts ?? []).map(({ lingering, ...each }) => ({
      ...each,
      expression: quick(each.expression),
      lasting: quick(each.lasting),
      ...(lingering !== undefined && { lingering: quick(lingering) }),
    })),
  };
}

/** Who is asked, who is told, and where everything is kept. */
interface PrometheusSettings {
  readonly folder: string;
  /** Addresses of those with metrics, by job. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** As `host:port`. */
  readonly alertmanagers: readonly string[];
  /** Address of the folder of runbooks. */
  readonly runbooks: string;
}

/** Starts a real Prometheus with all rules that there are. */
export async function startPrometheus(settings: PrometheusSettings): Promise<Running> {
  const { folder, targets, alertmanagers, runbooks } = settings;
  const home = join(folder, "prometheus");
  mkdirSync(home);
  const text = scrapeConfiguration({
    environment: "staging",
    namespaces: [],
    machines: targets,
    alertmanagers,
    scrapeIntervalSeconds: 15,
  });
  const configuration = parse(hastened(text, hastenedBy));
  // A machine under load is not down.
  configuration.global.scrape_timeout = configuration.global.scrape_interval;
  // Debian's Prometheus finds no pods, and itself it would look for on another port.
  configuration.scrape_configs = configuration.scrape_configs.filter(
    (each: { job_name: string }) => each.job_name in targets,
  );
  writeFileSync(join(home, "prometheus.yml"), stringify(configuration));
  writeFileSync(join(home, rulesFile), renderRules(ruleSets.map(hastenedSet), { runbooks }));
  return start("prometheus", [
    `--config.file=${join(home, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(home, "data")}`,
    "--web.listen-address=127.0.0.1:0",
  ]);
}
