import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { renderRules } from "../../../../components/prometheus/rules/render.ts";
import type { RuleSet } from "../../../../components/prometheus/rules/rule.ts";
import type { AlertCase, Notice, RecordingCase, RuleCase } from "./rule-case.ts";

/** What promtool says. */
export interface Verdict {
  readonly accepted: boolean;
  readonly output: string;
}

const evaluationSeconds = 30;
const runbooks = "docs/runbooks";

const atMinute = (minute: number) => `${Math.round(minute * 60)}s`;

/** A moment of a case, at which the alert bears these notices. */
interface Moment {
  readonly minute: number;
  readonly notices: readonly Notice[];
}

function momentsOf(alertCase: AlertCase): Moment[] {
  if ("quietAtMinutes" in alertCase) {
    return alertCase.quietAtMinutes.map((minute) => ({ minute, notices: [] }));
  }
  const { firesAtMinute: minute, notices } = alertCase;
  const before = minute - evaluationSeconds / 60;
  return [...(before < 0 ? [] : [{ minute: before, notices: [] }]), { minute, notices }];
}

/** The cases of one set, each its own group, as `promtool test rules` reads them. */
export function renderCases(set: RuleSet, cases: readonly RuleCase[], rulesFile: string): string {
  const alertTests = (alertCase: AlertCase) =>
    momentsOf(alertCase).map(({ minute, notices }) => ({
      alertname: alertCase.alert,
      eval_time: atMinute(minute),
      exp_alerts: notices.map(({ labels, summary, description }) => ({
        exp_labels: { ...labels, severity: severityOf(set, alertCase.alert), subject: set.subject },
        exp_annotations: { summary, description, runbook_url: `${runbooks}/${alertCase.alert}.md` },
      })),
    }));
  const recordingTest = ({ record, atMinute: minute, values }: RecordingCase) => ({
    // Quantiles and ratios are sums of fractions.
    expr: `round(${record}, 0.000001)`,
    eval_time: atMinute(minute),
    exp_samples: values.map(({ labels = {}, value }) => ({ labels: selector(labels), value })),
  });
  return stringify({
    rule_files: [rulesFile],
    evaluation_interval: `${evaluationSeconds}s`,
    tests: cases.map((each) => ({
      name: nameOf(each),
      interval: "1m",
      input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
      ...("alert" in each
        ? { alert_rule_test: alertTests(each) }
        : { promql_expr_test: [recordingTest(each)] }),
    })),
  });
}

/** What a case is called in promtool's output. */
export const nameOf = (each: RuleCase) => `${"alert" in each ? each.alert : each.record}: when ${each.when}`;

function selector(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `{${pairs.join(", ")}}`;
}

function severityOf({ alerts = [] }: RuleSet, name: string): string {
  const alert = alerts.find((each) => each.name === name);
  if (!alert) throw new Error(`No alert of this set is called ${name}: its case has nothing to test.`);
  return alert.severity;
}

/** Runs `promtool` on files of these texts, by their names; undefined when there is no promtool here. */
export function askPromtool(
  files: Readonly<Record<string, string>>,
  ...command: string[]
): Verdict | undefined {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const run = spawnSync("promtool", command, { cwd: folder, encoding: "utf8" });
    return run.error ? undefined : { accepted: run.status === 0, output: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What promtool says of a set in the light of its cases; undefined when there is no promtool here. */
export function testRules(set: RuleSet, cases: readonly RuleCase[]): Verdict | undefined {
  return askPromtool(
    { "rules.yml": renderRules([set], { runbooks }), "cases.yml": renderCases(set, cases, "rules.yml") },
    "test",
    "rules",
    "cases.yml",
  );
}
