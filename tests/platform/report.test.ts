import fc from "fast-check";
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Asked } from "../../platform/engine/asked.ts";
import type { PlannedStep } from "../../platform/engine/plan.ts";
import { changeMarkdown, failureMarkdown } from "../../platform/report/change-markdown.ts";
import {
  type ChangeReport,
  changeReport,
  countsLine,
  shortValue,
} from "../../platform/report/change-report.ts";
import { changeText, verdictLines } from "../../platform/report/change-text.ts";
import { findingGroups } from "../../platform/report/finding-groups.ts";
import { outputsText, recordedOutputs } from "../../platform/report/outputs.ts";
import { parsePropertyPath, valueAt } from "../../platform/report/property-path.ts";
import { countResources, goingText, resourcesText } from "../../platform/report/resources.ts";
import { shownValue } from "../../platform/report/shown-value.ts";

const step = (
  operation: PlannedStep["operation"],
  name: string,
  changes: PlannedStep["changes"] = [],
): PlannedStep => ({
  operation,
  urn: `urn:pulumi:staging::p::digitalocean:index/vpc:Vpc::${name}`,
  type: "digitalocean:index/vpc:Vpc",
  name,
  protected: false,
  changes,
});

const report = (
  steps: PlannedStep[],
  findings: ChangeReport["findings"] = [],
  lost: ChangeReport["lostStores"] = [],
): ChangeReport =>
  changeReport(
    "staging",
    "sandbox",
    {
      steps,
      asked: new Asked(),
      diagnostics: [],
      policyEvents: [],
      refusedByEngine: [],
      stackOutputs: {},
      durationSeconds: 1,
      error: undefined,
    },
    { allowed: findings.length === 0, findings, endangered: [], lost },
  );

const plain = createColors(false);
const change = {
  path: "ipRange",
  kind: "update",
  replaces: true,
  before: "10.0.0.0/16",
  after: "10.1.0.0/16",
} as const;

describe("the report of a change", () => {
  it("counts in the tense of what was done", () => {
    const counts = { create: 2, replace: 1, same: 40 };
    expect(countsLine(counts)).toBe("1 to replace, 2 to create, 40 unchanged");
    expect(countsLine(counts, "done")).toBe("1 replaced, 2 created, 40 unchanged");
  });

  it("puts replacements and deletions first, leaves out what stays, and counts everything", () => {
    const all = report([
      step("same", "s"),
      step("create", "c"),
      step("update", "u"),
      step("delete", "d"),
      step("replace", "r"),
    ]);
    expect(all.steps.map(({ name }) => name)).toEqual(["r", "d", "u", "c"]);
    expect(all.counts).toEqual({ same: 1, create: 1, update: 1, delete: 1, replace: 1 });
  });

  it("shows a person each property that changes, and the verdict last", () => {
    const text = changeText(report([step("replace", "network", [change])]), plain);
    expect(text).toContain("± network digitalocean:index/vpc:Vpc");
    expect(text).toContain('~ ipRange: "10.0.0.0/16" → "10.1.0.0/16" (replaces)');
    expect(text.split("\n").at(-1)).toBe("The gate lets this pass.");
  });

  it("says what, where, why and the remedy of a refusal", () => {
    const finding = {
      policy: "refuse-open-ssh",
      pack: "p",
      level: "mandatory",
      name: "fw",
      message: "port 22 is open\nRemedy: close it",
    } as const;
    const text = changeText(report([], [finding]), plain);
    for (const part of [
      "refuse-open-ssh · fw",
      "port 22 is open",
      "Remedy: close it",
      "Refused: nothing was changed.",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("is a comment with the dangerous part open, and cells that no value can break out of", () => {
    const nasty = { ...change, after: "a | b ` c\nd" };
    const comment = changeMarkdown(report([step("replace", "network", [nasty]), step("create", "new")]));
    expect(comment).toContain("<details open><summary>Replacements (1)</summary>");
    expect(comment).toContain("<details><summary>New resources (1)</summary>");
    const row = comment.split("\n").find((line) => line.startsWith("| `network`"));
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(5);
  });

  it("shows first, and in its own words, that a store loses its protection", () => {
    const lifted = step("update", "store", [
      { path: "protect", kind: "update", replaces: false, before: true, after: false },
    ]);
    const set = step("update", "new-store", [
      { path: "protect", kind: "update", replaces: false, before: false, after: true },
    ]);
    const all = report([step("replace", "other"), set, lifted]);
    expect(all.steps.map(({ name }) => name)).toEqual(["store", "other", "new-store"]);
    expect(all.protectionLifted).toEqual([{ urn: lifted.urn, name: "store", type: lifted.type }]);
    const sentence = "This store loses its protection, and can be deleted from then on";
    expect(changeText(all, plain)).toMatch(
      new RegExp(`^staging in the sandbox: .*\\n\\n${sentence}:\\n  store \\(.*\\)\\n\\n`),
    );
    const comment = changeMarkdown(all);
    expect(comment).toContain(`#### ${sentence}\n\n- **\`store\`**`);
    expect(comment.indexOf(sentence)).toBeLessThan(comment.indexOf("Replacements"));
    expect(changeText(report([lifted, lifted]), plain)).toContain("These 2 stores lose their protection");
  });
});

describe("a store that goes, and that nothing protects", () => {
  const bucket = {
    urn: "urn",
    type: "digitalocean:index/spacesBucket:SpacesBucket",
    operation: "replace",
  } as const;
  const one = report([step("replace", "other")], [], [{ ...bucket, name: "media" }]);
  const sentence = "This store goes with all it holds, and nothing protects it";

  it("is named before all that changes, in bold where there is any", () => {
    const text = changeText(one, createColors(true));
    expect(text).toContain(`\u001b[1mmedia\u001b[22m (${bucket.type}) would be replaced\n`);
    expect(changeText(one, plain)).toMatch(
      new RegExp(
        `^staging in the sandbox: .*\\n\\n${sentence}:\\n  media \\(.*\\) would be replaced\\n\\n  ± other`,
      ),
    );
    const comment = changeMarkdown(one);
    expect(comment).toContain(`#### ${sentence}\n\n- **\`media\`** (\`${bucket.type}\`) would be replaced.`);
    expect(comment.indexOf(sentence)).toBeLessThan(comment.indexOf("Replacements"));
  });

  it("is counted with the others", () => {
    const two = report(
      [],
      [],
      [
        { ...bucket, name: "a" },
        { ...bucket, name: "b" },
      ],
    );
    expect(changeText(two, plain)).toContain("These 2 stores go with all they hold");
  });
});

describe("a comment on a pull request", () => {
  const many = (operation: PlannedStep["operation"]) =>
    Array.from({ length: 700 }, (_, index) =>
      step(operation, `resource-with-a-long-name-${index}`, Array(index % 40).fill(change)),
    );
  const finding = {
    policy: "refuse-open-ssh",
    pack: "p",
    level: "advisory",
    name: "fw",
    message: `port 22 is open ${"for ever ".repeat(1_000)}`,
  } as const;

  it("leaves room for another environment's, however much changes, and breaks off no block", () => {
    const operations = ["replace", "delete", "update", "create"] as const;
    const comment = changeMarkdown(report(operations.flatMap(many), Array(200).fill(finding)));
    expect(comment.length).toBeLessThan(32_000);
    expect(comment.match(/<details/g)).toHaveLength(4);
    expect(comment.match(/<\/details>/g)).toHaveLength(4);
    expect(comment).toMatch(/\| and \d+ more: see the run's log \|[ |]*\n\n<\/details>/);
    expect(comment).toContain("<summary>New resources (700)</summary>");
    for (const row of comment.split("\n").filter((line) => line.startsWith("|"))) {
      expect(row.endsWith("|"), row).toBe(true);
    }
  });

  it("leaves out nothing of what fits", () => {
    const comment = changeMarkdown(report([step("create", "a"), step("update", "b", [change])]));
    expect(comment).not.toContain("more");
    expect(comment).toBe(
      [
        "### ✅ staging in the sandbox: 1 to update, 1 to create\n",
        "<details><summary>Updates in place (1)</summary>\n",
        "| resource | type | changes |",
        "| --- | --- | --- |",
        '| `b` | `digitalocean:index/vpc:Vpc` | **`ipRange`: `"10.0.0.0/16"` → `"10.1.0.0/16"`** |',
        "\n</details>\n",
        "<details><summary>New resources (1)</summary>\n",
        "| resource | type |",
        "| --- | --- |",
        "| `a` | `digitalocean:index/vpc:Vpc` |",
        "\n</details>\n",
      ].join("\n"),
    );
  });

  it("says what the change does to the bill, where that is known", () => {
    const costUsd = { before: { minimum: 10, maximum: 10 }, after: { minimum: 12.5, maximum: 12.5 } };
    const change = { ...report([step("create", "a")]), costUsd };
    expect(changeMarkdown(change)).toContain("\n\nCost: 10.00 $ → 12.50 $ a month (+2.50 $)\n\n");
    expect(changeText(change, plain)).toContain("\n\nCost: 10.00 $ → 12.50 $ a month (+2.50 $)\n\n");
    expect(changeMarkdown(report([step("create", "a")]))).not.toContain("Cost");
  });

  it("keeps the lines of a finding apart, so that its remedy is found", () => {
    const message = "port 22 is open\n  Remedy: close it";
    const comment = changeMarkdown(report([], [{ ...finding, message }]));
    expect(comment).toContain("- **refuse-open-ssh** on `fw`:<br>port 22 is open<br>Remedy: close it\n");
  });

  it("says of a preview that failed that it failed, and why", () => {
    const block = failureMarkdown("production", new Error("no such size:\n```\nx"));
    expect(block).toMatch(/^### ❌ production: there is no verdict/);
    expect(block).toContain("````text\nno such size:\n```\nx\n````");
  });
});

describe("values and outputs", () => {
  it("shortens any value to one line", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = shortValue(value, 40);
        expect(text.length).toBeLessThanOrEqual(40);
        expect(text).not.toContain("\n");
      }),
    );
    expect(shortValue("[secret]")).toBe("[secret]");
    expect(shortValue(undefined)).toBe("(none)");
  });

  it("masks what is secret or unknown, wherever it is, and nothing else that bears a signature", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" };
    const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "t" };
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(
      shownValue({ a: [{ b: secret }], c: asset, d: `https://${unknown}/`, e: 1, __defaults: [] }),
    ).toEqual({
      a: [{ b: "[secret]" }],
      c: asset,
      d: "[unknown]",
      e: 1,
    });
  });

  it("masks secret outputs", () => {
    const shown = recordedOutputs({
      resources: [
        {
          urn: "urn:pulumi:staging::test::pulumi:pulumi:Stack::test",
          type: "pulumi:pulumi:Stack",
          outputs: {
            b: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: "x" },
            a: { port: 1 },
          },
        },
      ],
    });
    expect(shown).toEqual({ a: { port: 1 }, b: "[secret]" });
    expect(outputsText(shown)).toBe("a:\n  port: 1\nb: [secret]");
  });
});

describe("what an environment has", () => {
  const urn = (name: string) => `urn:pulumi:staging::p::t::${name}`;
  const bucket = "digitalocean:index/spacesBucket:SpacesBucket";
  const vpc = "digitalocean:index/vpc:Vpc";
  const state = {
    resources: [
      { urn: urn("p-staging"), type: "pulumi:pulumi:Stack" },
      { urn: urn("default"), type: "pulumi:providers:digitalocean", custom: true },
      { urn: urn("network"), type: "whisper:network:Network" },
      { urn: urn("a"), type: vpc, custom: true },
      { urn: urn("b"), type: vpc, custom: true },
      { urn: urn("media"), type: bucket, custom: true },
    ],
  };

  it("is counted without the engine's own entries, as a preview counts it", () => {
    expect(countResources(state)).toEqual({ resources: 4, components: 1 });
    expect(resourcesText(countResources(state))).toBe("4 resources (1 of them components)");
  });

  it("is told before it goes, each store by its name", () => {
    expect(goingText(state)).toBe(
      `These stores go, with all they hold:\n  - media (${bucket})\nAnd with them: 2 Vpc.`,
    );
  });
});

it("writes outputs as YAML does, lists too", () => {
  const outputs = { addresses: ["10.0.0.3", "10.0.0.4"], none: [], pools: [{ name: "a", port: 1 }, ["x"]] };
  const text = outputsText(outputs);
  expect(text).toContain("addresses:\n  - 10.0.0.3\n  - 10.0.0.4\n");
  expect(parse(text)).toEqual(outputs);
});

describe("property paths", () => {
  it("are read as the engine writes them", () => {
    expect(parsePropertyPath('spec.template["app.io/name"].tags[2].on')).toEqual([
      "spec",
      "template",
      "app.io/name",
      "tags",
      2,
      "on",
    ]);
    expect(valueAt({ a: [{ "b.c": 1 }] }, parsePropertyPath('a[0]["b.c"]'))).toBe(1);
    expect(valueAt({ a: 1 }, ["a", "b"])).toBeUndefined();
  });
});

describe("what one policy says of several resources", () => {
  const said = (name: string, problem: string): ChangeReport["findings"][number] => ({
    policy: "require-it",
    pack: "p",
    level: "mandatory",
    name,
    message: `Why it matters.\n${problem}\nRemedy: set it`,
  });
  const three = [said("a", "x: is wrong"), said("b", "y: is wrong"), said("c", "x: is wrong")];

  it("says why and what to do once, and of each what is wrong", () => {
    expect(verdictLines(report([], three), plain).join("\n")).toContain(
      [
        "  require-it · 3 times",
        "    Why it matters.",
        "    a",
        "      x: is wrong",
        "    b",
        "      y: is wrong",
        "    c",
        "      x: is wrong",
        "    Remedy: set it",
      ].join("\n"),
    );
    expect(changeMarkdown(report([], three))).toContain(
      [
        "- **require-it**, 3 times:<br>Why it matters.<br>Remedy: set it",
        "  - `a`: x: is wrong",
        "  - `b`: y: is wrong",
        "  - `c`: x: is wrong",
      ].join("\n"),
    );
  });

  it("loses nothing and invents nothing, whatever the messages are", () => {
    const line = fc.constantFrom("one", "two", "Remedy: this", "Remedy: that");
    const message = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
        const findings = messages.map((text, index) => ({ ...said(`r${index}`, ""), message: text }));
        const [group, ...others] = findingGroups(findings);
        expect(others).toEqual([]);
        expect(
          group?.findings.map(({ lines }) => [...group.before, ...lines, ...group.after].join("\n")),
        ).toEqual(messages);
      }),
    );
  });
});
