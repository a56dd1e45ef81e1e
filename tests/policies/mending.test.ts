import { beforeEach, describe, expect, it } from "vitest";
import { settingsPolicies } from "../../policies/exemptions/settings-policies.ts";
import { resourceArgs } from "../../policies/judge.ts";
import type { Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { baseline, compliant } from "./compliant.ts";
import { withValue } from "./examples/breach.ts";
import { breaches } from "./examples/index.ts";
import {
  asResources,
  type Judged,
  judgedStack,
  ruleNamed,
  saidOfSettings,
  unknown,
  violationsOf,
} from "./harness.ts";

const configured = { owner: "platform-team", costCentre: "transcription" };
beforeEach(() => judgedStack("staging", {}, configured));

/** What the engine gets back: the resource's inputs, put right in place, or nothing. */
async function mended({ policy }: Rule, judged: Judged): Promise<unknown> {
  const [resource] = asResources([judged]);
  if (!("remediateResource" in policy) || !policy.remediateResource || !resource)
    throw new Error(`${policy.name} mends nothing`);
  return await policy.remediateResource(resourceArgs(resource));
}

const mending = rules.filter(({ mends }) => mends);

describe.each(mending.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  const own = breaches.filter(([broken]) => broken === name);

  it("leaves alone what is well", async () => {
    for (const resource of Object.values(baseline())) expect(await mended(rule, resource)).toBeUndefined();
  });

  it("puts right what it would refuse, and changes nothing else", async () => {
    let putRight = 0;
    for (const [, subject, path, value] of own) {
      const resource = structuredClone(baseline()[subject]);
      withValue(resource, path, structuredClone(value));
      const props = await mended(rule, resource);
      const left = await violationsOf(rule, [{ ...resource, props: props as Judged["props"] }]);
      if (left.length === 0) putRight += 1;
    }
    expect(putRight, `of ${own.length}`).toBeGreaterThan(0);
  });
});

describe("mending", () => {
  const bare: Judged = {
    type: "digitalocean:index/volume:Volume",
    name: "models",
    props: { name: "models", size: 10, region: "tor1" },
  };

  it("says whose something is, as far as the configuration tells", async () => {
    const rule = ruleNamed("require-ownership");
    expect(await mended(rule, structuredClone(bare))).toMatchObject({
      tags: ["environment:staging", "component:models", "owner:platform-team", "cost-centre:transcription"],
    });
    judgedStack("staging");
    const props = await mended(rule, structuredClone(bare));
    expect(props).toMatchObject({ tags: ["environment:staging", "component:models"] });
    const left = await violationsOf(rule, [{ ...bare, props: props as Judged["props"] }]);
    expect(left.join()).toContain("nothing says owner, cost-centre");
  });

  it("keeps what is there, and does not need to know it", async () => {
    const named = { ...bare, props: { ...bare.props, name: unknown, tags: ["owner:other"] } };
    await mended(ruleNamed("require-ownership"), named);
    expect(named.props.tags).toEqual([
      "owner:other",
      "environment:staging",
      "component:models",
      "cost-centre:transcription",
    ]);
    expect(named.props.name).toBe(unknown);
  });

  it("gives up where it cannot see, so that the check refuses", async () => {
    const blind = { ...bare, props: { ...bare.props, tags: unknown } };
    await mended(ruleNamed("require-ownership"), blind);
    expect(blind.props.tags).toBe(unknown);
    expect(await violationsOf(ruleNamed("require-ownership"), [blind])).toHaveLength(1);
  });

  it("leaves alone what is exempted", async () => {
    const exemption = {
      rule: "require-versioned-buckets",
      resource: "*::bucket",
      reason: "its files are copies of others",
      owner: "platform-team",
      expires: "2999-01-01",
    };
    const bucket = { ...compliant.bucket, name: "bucket", props: { name: "copies" } };
    expect(await mended(ruleNamed(exemption.rule), structuredClone(bucket))).toBeDefined();
    judgedStack("staging", {}, { exemptions: [exemption] });
    expect(await mended(ruleNamed(exemption.rule), bucket)).toBeUndefined();
  });

  it("needs no exemption for what is well", async () => {
    const exemption = {
      rule: "require-versioned-buckets",
      resource: "*",
      reason: "its files are copies of others",
      owner: "platform-team",
      expires: "2999-01-01",
    };
    judgedStack("staging", {}, { exemptions: [exemption] });
    await mended(ruleNamed(exemption.rule), structuredClone(compliant.bucket));
    const [stale] = settingsPolicies(rules);
    expect((await saidOfSettings(stale)).join()).toContain("is not needed");
  });

  it("is a level of those rules alone that can", async () => {
    judgedStack("staging", {}, { levels: { "require-versioned-buckets": "remediate" } });
    expect(ruleNamed("require-versioned-buckets").policy.enforcementLevel).toBe("remediate");
  });
});
