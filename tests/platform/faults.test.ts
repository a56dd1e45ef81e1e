import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { faultPlan, ruleText } from "../../platform/verbs/sandbox/faults.ts";
import { faultRuleSchema } from "../../sandbox/faults/plan.ts";

const folder = mkdtempSync(join(tmpdir(), "platform-faults-"));
const file = join(folder, "plan.json");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const planOf = (content: unknown) => {
  writeFileSync(file, JSON.stringify(content));
  return () => faultPlan({ file });
};

describe("a plan of faults that is none", () => {
  it("says which property of which rule of a file is wrong, all at once", () => {
    const plan = planOf({ seed: -1, rules: [{ status: 500 }, { status: 200 }, {}] });
    expect(plan).toThrow(
      /plan\.json:\n.*seed: .*\n.*rules\[1\]\.status: .*\n.*rules\[2\]: a rule that does nothing/,
    );
  });

  it("says that a file holds something else", () => {
    expect(planOf([])).toThrow(/the plan: .*expected object/);
  });

  it("names a flag's value as the flag does, and not by its place in a list of one", () => {
    expect(() => faultPlan({ status: 200 })).toThrow(/\n {2}- status: /);
    expect(() => faultPlan({ path: "/v2/**" })).toThrow(/the rule: a rule that does nothing/);
  });

  it("is told apart from one that is", () => {
    expect(faultPlan({ status: 503, rate: 0.2, seed: 7 })).toMatchObject({
      seed: 7,
      rules: [{ status: 503, rate: 0.2 }],
    });
    expect(planOf({ rules: [] })()).toEqual({ seed: 1, rules: [] });
  });
});

it("is shown in words, rule by rule", () => {
  const text = (rule: unknown) => ruleText(faultRuleSchema.parse(rule));
  expect(text({ status: 503 })).toBe("all of any method on any path: status 503");
  expect(text({ hold: true })).toBe("all of any method on any path: held until cleared");
  expect(
    text({
      method: "get",
      path: "/v2/droplets",
      rate: 0.3,
      latencyMs: 50,
      drop: "after",
      after: 2,
      times: 1,
    }),
  ).toBe(
    "30 % of GET /v2/droplets: 50 ms later, connection cut after the request is carried out, once 2 have passed, struck at most once",
  );
});
