import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Component } from "../../components/component.ts";
import { ArgumentChecks, ArgumentError } from "../../components/errors.ts";
import { labelsOf, tagsOf } from "../../components/ownership.ts";
import { storeLabels, storeTags } from "../../components/store.ts";
import { ownership } from "./fixtures.ts";
import { record, refusalOf } from "./harness.ts";

/** A component that makes children under the given names, and then one late child where wanted. */
class Sample extends Component {
  constructor(name: string, children: readonly string[], late?: string) {
    super("whisper:sample:Sample", name, {});
    for (const child of children) this.#make(child);
    this.registerOutputs();
    if (late !== undefined) this.#make(late);
  }

  #make(name: string): void {
    new digitalocean.Vpc(name, { region: "tor1" }, { parent: this });
  }
}

describe("every component", () => {
  it("takes children named after it", async () => {
    const recording = await record(() => new Sample("one", ["one-a", "one-b"]));
    expect(recording.names()).toEqual(["one", "one-a", "one-b"]);
    expect(recording.named("one-a").parent).toBe("one");
  });

  it.each(["one", "a", "onea", "two-a"])("refuses a child named %s", async (child) => {
    const error = await refusalOf(() => new Sample("one", [child]));
    expect(error.message).toContain(`"${child}" is a child of "one" but not named after it`);
  });

  it.each(["one-late", "one"])("refuses a child named %s after registerOutputs", async (late) => {
    const error = await refusalOf(() => new Sample("one", [], late));
    expect(error.message).toContain(`"${late}" is made after "one" called registerOutputs`);
  });
});

describe("the checks of arguments", () => {
  it("tell every fault in one error that Pulumi prints without a stack", () => {
    const checks = new ArgumentChecks("thing");
    checks.range("count", 0, 1, 3);
    checks.oneOf("colour", "blue", ["red", "green"]);
    checks.addAll("list", [{ path: "0", problem: "is odd", remedy: "Make it even." }]);
    const thrown = thrownBy(() => checks.throwIfAny());
    expect(thrown).toBeInstanceOf(ArgumentError);
    expect(pulumi.RunError.isInstance(thrown)).toBe(true);
    expect(thrown?.message).toBe(
      [
        "The arguments of thing have 3 faults:",
        "  - count is 0, which is not a whole number between 1 and 3.",
        "    Give a whole number from 1 to 3.",
        '  - colour is "blue", which does not exist.',
        "    Use one of red, green.",
        "  - list.0 is odd.",
        "    Make it even.",
      ].join("\n"),
    );
  });

  it.each([undefined, pulumi.output(99), Promise.resolve(99), 1, 3])("let %s pass", (value) => {
    const checks = new ArgumentChecks("thing");
    checks.range("count", value, 1, 3);
    expect(() => checks.throwIfAny()).not.toThrow();
  });

  it.each([0, 4, 1.5, Number.NaN, -1])("find %d outside 1 to 3", (value) => {
    const checks = new ArgumentChecks("thing");
    checks.range("count", value, 1, 3);
    expect(() => checks.throwIfAny()).toThrow("1 fault:");
  });
});

describe("ownership", () => {
  const store = {
    store: "postgres",
    backup: "managed-daily",
    recovery: { point: "5m", time: "1h" },
    retention: "7d",
  } as const;

  it("becomes sorted tags that DigitalOcean takes", () => {
    const tags = tagsOf(ownership, "postgres", storeTags(store));
    expect(tags).toEqual([
      "backup-retention:7d",
      "backup:managed-daily",
      "component:postgres",
      "cost-centre:transcription",
      "environment:staging",
      "owner:platform-team",
      "recovery-point:5m",
      "recovery-time:1h",
      "store:postgres",
    ]);
    for (const tag of tags) expect(tag).toMatch(/^[a-zA-Z0-9_:-]{1,255}$/);
  });

  it("becomes labels that Kubernetes takes", () => {
    for (const [key, value] of Object.entries({ ...labelsOf(ownership, "api"), ...storeLabels(store) })) {
      expect(key).toMatch(/^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9._-]{1,63}$/);
      expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
    }
  });
});

function thrownBy(action: () => void): Error | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error : undefined;
  }
  return undefined;
}
