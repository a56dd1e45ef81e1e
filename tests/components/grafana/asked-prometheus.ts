import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import { renderRules } from "../../../components/prometheus/rules/render.ts";
import { ruleSets } from "../../../components/prometheus/rules/rule-sets.ts";
import { installedProgram } from "../alertmanager/amtool.ts";
import { type Running, start } from "../alertmanager/live/process.ts";
import { openMetrics, type Series } from "./series.ts";

/** Whether Prometheus is installed. */
export const prometheusIsHere = (await installedProgram("prometheus")) !== undefined;
if (!prometheusIsHere) {
  process.stderr.write("NOT RUN: Prometheus is not installed, so nobody asks what the panels ask\n");
}

/** A series of an answer: its labels, and its numbers in the order of time. */
export interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

const sample = z.tuple([z.number(), z.string()]);
const answer = z.object({
  data: z.object({
    result: z
      .array(
        z.object({
          metric: z.record(z.string(), z.string()),
          value: sample.optional(),
          values: z.array(sample).optional(),
        }),
      )
      .or(sample.transform(() => [])),
  }),
});

const evaluations = z.object({
  data: z.object({ groups: z.array(z.object({ lastEvaluation: z.string() })).min(1) }),
});

/** A Prometheus that has been told of an afternoon, and evaluates all rules on it each second. */
export class AskedPrometheus {
  readonly #running: Running;
  readonly #folder: string;

  private constructor(running: Running, folder: string) {
    this.#running = running;
    this.#folder = folder;
  }

  static async start(series: readonly Series[]): Promise<AskedPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), "panels-"));
    const file = (name: string) => join(folder, name);
    mkdirSync(file("data"));
    writeFileSync(file("afternoon.txt"), openMetrics(series, Math.floor(Date.now() / 1000) - 1));
    await execa("promtool", [
      "tsdb",
      "create-blocks-from",
      "openmetrics",
      file("afternoon.txt"),
      file("data"),
    ]);
    writeFileSync(file("rules.yml"), renderRules(ruleSets, { runbooks: "docs/runbooks" }));
    writeFileSync(
      file("prometheus.yml"),
      stringify({ global: { evaluation_interval: "1s" }, rule_files: ["rules.yml"] }),
    );
    const running = await start("prometheus", [
      `--config.file=${file("prometheus.yml")}`,
      `--storage.tsdb.path=${file("data")}`,
      "--web.listen-address=127.0.0.1:0",
      // What was told last stays true while the test lasts, however long it waits for its turn.
      "--query.lookback-delta=30m",
    ]);
    await running.said(/Server is ready/);
    return new AskedPrometheus(running, folder);
  }

  /** What an expression comes to now. */
  async now(expression: string): Promise<Answer[]> {
    return this.#ask("query", { query: expression });
  }

  /** What it came to over the last half hour, until now. */
  async overTime(expression: string): Promise<Answer[]> {
    const end = Date.now() / 1000;
    const range = { start: String(end - 1800), end: String(end), step: "30" };
    return this.#ask("query_range", { query: expression, ...range });
  }

  /** Waits until every group of rules has been evaluated once more. */
  async evaluatesAllRules(): Promise<void> {
    const asked = Date.now();
    for (;;) {
      const response = await fetch(`${this.#running.url}/api/v1/rules`);
      const { data } = evaluations.parse(await response.json());
      if (data.groups.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > asked)) return;
      await sleep(50);
    }
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(what: string, parameters: Record<string, string>): Promise<Answer[]> {
    const response = await fetch(`${this.#running.url}/api/v1/${what}`, {
      method: "POST",
      body: new URLSearchParams(parameters),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Prometheus refuses ${parameters.query}: ${text}`);
    return answer.parse(JSON.parse(text)).data.result.map(({ metric, value, values = [] }) => ({
      labels: metric,
      values: (value === undefined ? values : [value]).map(([, number]) => Number(number)),
    }));
  }
}
