import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  type AlertLinks,
  linksOfAlert,
  renderRules,
  routingLabels,
} from "../../../../components/prometheus/rules/render.ts";
import type { Alert, Recording, RuleSet } from "../../../../components/prometheus/rules/rule.ts";
import type { AlertCase, Notice, RecordingCase, RuleCase } from "./rule-case.ts";

/** What promtool says. */
export interface Verdict {
  readonly accepted: boolean;
  readonly output: string;
}

/** Where the alerts of the tests link to. */
const links: AlertLinks = { runbooks: "docs/runbooks", dashboards: "https://ops.example.com/grafana" };

const atMinute = (minute: number) => `${Math.round(minute * 60)}s`;

/** Minutes from one evaluation to the next. */
const evaluationMinutes = ({ stepMinutes }: RuleCase) => stepMinutes ?? 0.5;

/** A moment of a case, at which the alert bears these notices. */
interface Moment {
  readonly minute: number;
  readonly notices: readonly Notice[];
}

function momentsOf(alertCase: AlertCase): Moment[] {
  if ("quietAtMinutes" in alertCase) {
    return alertCase.quietAtMinutes.map((minute) => ({ minute, notices: [] }));
  }
  const { firesAtMinute: minute, notices, endsAtMinute: end } = alertCase;
  const step = evaluationMinutes(alertCase);
  return [
    ...(minute < step ? [] : [{ minute: minute - step, notices: [] }]),
    { minute, notices },
    ...(end === undefined ? [] : [{ minute: end, notices: [] }]),
  ];
}

/**
 * The cases of one set, each its own group, as `promtool test rules` reads them, by the names of files. A rule is tried
 * with the recordings that it is computed from and no others: all of them at each evaluation of each case would take
 * minutes.
 */
export function renderCases(set: RuleSet, cases: readonly RuleCase[]): Record<string, string> {
  const key = (each: RuleCase) => `${ruleOf(each)} ${evaluationMinutes(each)}`;
  const files = [...new Set(cases.map(key))].flatMap((group, index) => {
    const some = cases.filter((each) => key(each) === group);
    const [name = "", minutes] = group.split(" ");
    const rules = `rules-${index}.yml`;
    const tests = {
      rule_files: [rules],
      evaluation_interval: atMinute(Number(minutes)),
      tests: some.map((each) => renderCase(set, each)),
    };
    return [
      [rules, renderRules([narrowed(set, name)], links)],
      [`cases-${index}.yml`, stringify(tests)],
    ];
  });
  return Object.fromEntries(files);
}

const ruleOf = (each: RuleCase) => ("alert" in each ? each.alert : each.record);

/** Of a set, a rule and what it is computed from. */
function narrowed(set: RuleSet, name: string): RuleSet {
  const { recordings = [], alerts = [] } = set;
  const needed = new Set([name]);
  const isNeeded = ({ record }: Recording) => needed.has(record);
  const expressions = () => [
    ...alerts.filter((alert) => alert.name === name).map(({ expression }) => expression),
    ...recordings.filter(isNeeded).map(({ expression }) => expression),
  ];
  for (let before = 0; before < needed.size; ) {
    before = needed.size;
    const text = expressions().join("\n");
    for (const { record } of recordings) if (text.includes(record)) needed.add(record);
  }
  return {
    ...set,
    recordings: recordings.filter(isNeeded),
    alerts: alerts.filter((alert) => alert.name === name),
  };
}

function renderCase(set: RuleSet, each: RuleCase) {
  return {
    name: nameOf(each),
    interval: atMinute(each.stepMinutes ?? 1),
    input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
    ...("alert" in each
      ? { alert_rule_test: alertTests(set, each) }
      : { promql_expr_test: [recordingTest(each)] }),
  };
}

function alertTests(set: RuleSet, alertCase: AlertCase) {
  const alert = alertOf(set, alertCase.alert);
  return momentsOf(alertCase).map(({ minute, notices }) => ({
    alertname: alert.name,
    eval_time: atMinute(minute),
    exp_alerts: notices.map(({ labels, summary, description = alert.description }) => ({
      exp_labels: { ...labels, ...routingLabels(alert, set.subject) },
      exp_annotations: { summary, description, ...linksOfAlert(alert, set, links) },
    })),
  }));
}

function recordingTest({ record, atMinute: minute, values }: RecordingCase) {
  return {
    // Quantiles and ratios are sums of fractions.
    expr: `round(${record}, 0.000001)`,
    eval_time: atMinute(minute),
    exp_samples: values.map(({ labels = {}, value }) => ({ labels: selector(labels), value })),
  };
}

/** What a case is called in promtool's output. */
export const nameOf = (each: RuleCase) => `${ruleOf(each)}: when ${each.when}`;

function selector(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `{${pairs.join(", ")}}`;
}

function alertOf({ alerts = [] }: RuleSet, name: string): Alert {
  const alert = alerts.find((each) => each.name === name);
  if (!alert) throw new Error(`No alert of this set is called ${name}: its case has nothing to test.`);
  return alert;
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
  const files = renderCases(set, cases);
  const tests = Object.keys(files).filter((name) => name.startsWith("cases-"));
  return askPromtool(files, "test", "rules", ...tests);
}
