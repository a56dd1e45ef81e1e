import Table from "cli-table3";
import { inContext } from "../policies/context.ts";
import { rules } from "../policies/rules.ts";
import { baseline, type compliant } from "../tests/policies/compliant.ts";
import { type Breach, withValue } from "../tests/policies/examples/breach.ts";
import { breaches, sound } from "../tests/policies/examples/index.ts";
import { ruleNamed, violationsOf } from "../tests/policies/harness.ts";

/** What a rule finds among the labelled examples, of which the tests are made too. */
interface Score {
  readonly rule: string;
  /** Examples in which it must find something, and in how many it does. */
  bad: number;
  found: number;
  /** Examples in which it may find nothing, the sound baseline among them, and in how many it does. */
  good: number;
  alarms: number;
}

/** Recall and false alarms of each rule that has examples, and in sum, as a table for people. */
export const exampleTable = (): Promise<string> =>
  inContext({ stack: "production", read: () => undefined, keys: () => [] }, async () =>
    table(await scored()),
  );

async function scored(): Promise<Score[]> {
  const scores = new Map<string, Score>();
  const scoreOf = (rule: string): Score => {
    const score = scores.get(rule) ?? { rule, bad: 0, found: 0, good: 0, alarms: 0 };
    scores.set(rule, score);
    return score;
  };
  for (const { name } of rules) {
    const score = scoreOf(name);
    score.good += 1;
    if (await findsIn(name)) score.alarms += 1;
  }
  for (const breach of breaches) {
    const score = scoreOf(breach[0]);
    score.bad += 1;
    if (await findsIn(breach[0], breach)) score.found += 1;
  }
  for (const change of sound) {
    const score = scoreOf(change[0]);
    score.good += 1;
    if (await findsIn(change[0], change)) score.alarms += 1;
  }
  return [...scores.values()];
}

/** Whether a rule finds something in the baseline, as it is or with one change. */
async function findsIn(rule: string, change?: Breach): Promise<boolean> {
  const resources = baseline();
  if (change !== undefined) {
    const [, subject, path, value] = change;
    withValue(resources[subject satisfies keyof typeof compliant], path, value);
  }
  return (await violationsOf(ruleNamed(rule), Object.values(resources))).length > 0;
}

function table(scores: readonly Score[]): string {
  const sum = (key: Exclude<keyof Score, "rule">) => scores.reduce((all, score) => all + score[key], 0);
  const total = {
    rule: "all",
    bad: sum("bad"),
    found: sum("found"),
    good: sum("good"),
    alarms: sum("alarms"),
  };
  const rows = new Table({ head: ["rule", "bad examples", "recall", "sound examples", "false alarms"] });
  for (const { rule, bad, found, good, alarms } of [...scores, total])
    rows.push([rule, bad, percent(found, bad), good, percent(alarms, good)]);
  return rows.toString();
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(part === 0 || part === whole ? 0 : 1)} %`;
