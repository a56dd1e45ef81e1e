import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RuleSet } from "../../../../components/prometheus/rules/rule.ts";
import { ruleSets } from "../../../../components/prometheus/rules/rule-sets.ts";
import { casesOf } from "./all-cases.ts";
import { askPromtool, testRules } from "./promtool.ts";

const promtoolIsHere = askPromtool({}, "--version") !== undefined;
if (!promtoolIsHere) {
  process.stderr.write("NOT RUN: promtool is not installed, so the rules of Prometheus are not tested\n");
}

const alerts = ruleSets.flatMap(({ alerts: some = [] }) => some);
const recordings = ruleSets.flatMap(({ recordings: some = [] }) => some);
const cases = Object.values(casesOf).flat();
const runbooks = new URL("../../../../docs/runbooks/", import.meta.url);

describe.skipIf(!promtoolIsHere)("promtool", () => {
  it.each(ruleSets.map((set) => [set.subject, set] as const))(
    "sees the rules of %s do what their cases say",
    (subject, set) => {
      const verdict = testRules(set, casesOf[subject] ?? []);
      expect(verdict?.accepted, verdict?.output).toBe(true);
    },
  );

  it("would see a rule that does something else", () => {
    const [set] = ruleSets.filter(({ subject }) => subject === "edge");
    const deaf: RuleSet = {
      ...(set as RuleSet),
      alerts: set?.alerts?.map((alert) => ({ ...alert, lasting: "2m" })) ?? [],
    };
    expect(testRules(deaf, casesOf.edge ?? [])).toMatchObject({
      accepted: false,
      output: expect.stringContaining("EdgeMissing"),
    });
  });
});

describe("Every alert", () => {
  it.each(alerts.map(({ name }) => name))(
    "%s is tried with what it tells, and with what it must not",
    (name) => {
      const own = cases.filter((each) => "alert" in each && each.alert === name);
      expect(own.some((each) => "firesAtMinute" in each && each.notices.length > 0)).toBe(true);
      // The one that always fires.
      if (name === "Watchdog") return;
      expect(own.some((each) => "quietAtMinutes" in each && each.quietAtMinutes.length > 0)).toBe(true);
    },
  );

  it("has a runbook", () => {
    const missing = alerts.filter(({ name }) => !existsSync(new URL(`${name}.md`, runbooks)));
    expect(missing.map(({ name }) => `docs/runbooks/${name}.md`)).toEqual([]);
  });

  it("bears a name of its own, in the shape of names", () => {
    const names = alerts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^([A-Z][a-z0-9]+)+$/);
  });
});

describe("Every recording", () => {
  it.each(recordings.map(({ record }) => record))("%s is computed in a case", (record) => {
    expect(cases.some((each) => "record" in each && each.record === record)).toBe(true);
  });
});

describe("The runbooks", () => {
  it("are each of an alert that there is", () => {
    const pages = readdirSync(runbooks).filter((file) => file !== "README.md");
    const names = new Set(alerts.map(({ name }) => `${name}.md`));
    expect(pages.filter((page) => !names.has(page))).toEqual([]);
  });
});
