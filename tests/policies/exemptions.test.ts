import { runtime } from "@pulumi/pulumi";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { settingsPolicies } from "../../policies/exemptions/settings-policies.ts";
import { rememberInputs } from "../../policies/inputs.ts";
import { resourceArgs } from "../../policies/judge.ts";
import { rules } from "../../policies/rules.ts";
import { compliant } from "./compliant.ts";
import { type Judged, judgedStack, ruleNamed, saidOfSettings, violationsOf } from "./harness.ts";

const today = "2026-11-22";
const exemption = {
  rule: "require-ssh-keys",
  resource: "urn:pulumi:*::bastion",
  reason: "the bastion asks an authority for certificates",
  owner: "platform-team",
  expires: today,
};
/** Breaks the rule that {@link exemption} names. */
const bastion: Judged = { ...compliant.droplet, name: "bastion", props: {} };
const rule = ruleNamed("require-ssh-keys");

const judged = (policies: Record<string, unknown>) => judgedStack("production", {}, policies);

/** What the pack says in the end of its own settings, by its two policies. */
const said = async () => {
  const [stale, told] = settingsPolicies(rules);
  return { stale: await saidOfSettings(stale), told: await saidOfSettings(told) };
};

vi.useFakeTimers({ now: new Date(`${today}T23:59:59Z`), toFake: ["Date"] });
afterEach(() => vi.setSystemTime(new Date(`${today}T23:59:59Z`)));
// Other files run in the same process.
afterAll(() => void vi.useRealTimers());

describe("an exemption", () => {
  it("lets be what it names on its last day too, and is told with reason, owner and day", async () => {
    judged({ exemptions: [exemption] });
    expect(await violationsOf(rule, [bastion])).toEqual([]);
    const { stale, told } = await said();
    expect(stale).toEqual([]);
    expect(told).toEqual([
      "require-ssh-keys lets urn:pulumi:*::bastion be until 2026-11-22 (1 violation): the bastion asks an authority for certificates - platform-team",
    ]);
  });

  it.each(["2027-03-31T00:00:00Z", "2027-03-31 00:00:00 +0000 UTC"])(
    "ends on a day that YAML made %s of",
    async (expires) => {
      judged({ exemptions: [{ ...exemption, expires }] });
      expect(await violationsOf(rule, [bastion])).toEqual([]);
      expect((await said()).told.join()).toContain("until 2027-03-31 ");
    },
  );

  it("lets nothing be on the day after, and says whom to ask", async () => {
    vi.setSystemTime(new Date("2026-11-23T00:00:00Z"));
    judged({ exemptions: [{ ...exemption }] });
    expect(await violationsOf(rule, [bastion])).toHaveLength(1);
    expect((await said()).stale.join()).toContain(
      "policies:exemptions[0] from require-ssh-keys ended on 2026-11-22: ask platform-team",
    );
  });

  it.each([
    ["another resource", { resource: "urn:pulumi:*::gateway" }],
    ["a part of the name", { resource: "bastion" }],
    ["a pattern whose dots are dots", { resource: "urn.pulumi.*::bastion" }],
    ["another rule", { rule: "require-droplet-backup" }],
  ])("for %s lets the violation stand, and is refused because nobody needs it", async (_what, other) => {
    judged({ exemptions: [{ ...exemption, ...other, reason: "some other good reason" }] });
    expect(await violationsOf(rule, [bastion])).toHaveLength(1);
    expect((await said()).stale.join()).toContain("is not needed");
  });

  it("lets what is undecided be as well", async () => {
    const { postgres } = compliant;
    const undecided = {
      ...postgres,
      props: { ...postgres.props, nodeCount: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    };
    judged({ exemptions: [{ ...exemption, rule: "require-standby-node", resource: "*::postgres" }] });
    expect(await violationsOf(ruleNamed("require-standby-node"), [undecided])).toEqual([]);
  });

  it("of a rule across resources goes by the resource that the rule names", async () => {
    judged({ exemptions: [{ ...exemption, rule: "require-trusted-sources", resource: "*::postgres" }] });
    expect(await violationsOf(ruleNamed("require-trusted-sources"), [compliant.postgres])).toEqual([]);
  });
});

describe("an exemption from a rule of changes", () => {
  it("is left to the gate, which sees them, until it is over", async () => {
    const one = { ...exemption, rule: "refuse-lost-stores" };
    judged({ exemptions: [one], levels: { "name-store-upgrades": "mandatory" } });
    expect((await said()).stale).toEqual([]);
    judged({
      exemptions: [{ ...one, expires: "2026-11-21" }],
      levels: { "refuse-lost-stores": "remediate" },
    });
    const { stale } = await said();
    expect(stale.join()).toContain("from refuse-lost-stores ended on 2026-11-21");
    expect(stale.join()).toContain("policies:levels");
    expect(stale).toHaveLength(2);
  });
});

describe("settings that are wrong", () => {
  const faulty: readonly [what: string, policies: Record<string, unknown>, message: string][] = [
    [
      "a rule that is none",
      { exemptions: [{ ...exemption, rule: "require-luck" }] },
      "names require-luck, which is no rule",
    ],
    [
      "a level of a rule that is none",
      { levels: { "require-luck": "advisory" } },
      "policies:levels names require-luck",
    ],
    [
      "a level that is none",
      { levels: { "require-ssh-keys": "off" } },
      "policies:levels.require-ssh-keys is none of mandatory, advisory, disabled, remediate",
    ],
    [
      "a level for which the rule knows no safe value",
      { levels: { "require-ssh-keys": "remediate" } },
      "policies:levels.require-ssh-keys is remediate, and it knows no safe value",
    ],
    [
      "no reason",
      { exemptions: [{ ...exemption, reason: undefined }] },
      "policies:exemptions[0].reason is missing",
    ],
    [
      "no real reason",
      { exemptions: [{ ...exemption, reason: "todo" }] },
      "exemptions[0].reason is too short",
    ],
    ["no owner", { exemptions: [{ ...exemption, owner: " " }] }, "exemptions[0].owner is empty"],
    [
      "a day that is none",
      { exemptions: [{ ...exemption, expires: "2027-02-30" }] },
      "exemptions[0].expires is no day",
    ],
    ["a word too many", { exemptions: [{ ...exemption, until: "2027" }] }, "exemptions[0] has until"],
    ["a text", { exemptions: "all" }, "policies:exemptions is no list"],
    ["a list of texts", { exemptions: ["all"] }, "policies:exemptions[0]"],
    ["a key that nobody knows", { prodution: true }, "policies has prodution, and the rules know levels"],
    ["a word for production", { production: "yes" }, "policies:production is neither true nor false"],
    [
      "a registry that is none",
      { registries: ["https://ghcr.io/"] },
      "policies:registries[0] is no registry",
    ],
    ["registries as a text", { registries: "ghcr.io" }, "policies:registries is no list"],
    ["levels as a list", { levels: ["advisory"] }, "policies:levels is no object"],
  ];

  it.each(faulty)("such as %s are refused, and have no effect", async (_what, policies, message) => {
    judged(policies);
    expect(await violationsOf(rule, [bastion])).toHaveLength(1);
    expect((await said()).stale.join()).toContain(message);
    expect(rule.policy.enforcementLevel).toBe("mandatory");
  });

  it("are told all at once", async () => {
    judged({ levels: { a: "advisory" }, exemptions: [{ ...exemption, owner: "", expires: "soon" }] });
    expect((await said()).stale).toHaveLength(3);
  });
});

describe("production", () => {
  const lonely: Judged = { ...compliant.postgres, props: { ...compliant.postgres.props, nodeCount: 1 } };
  it.each([
    ["production", undefined, 1],
    ["prod", undefined, 0],
    ["prod", true, 1],
    ["production", false, 0],
  ])(
    "is the stack of that name, or what the configuration says: %s, %s",
    async (stack, production, count) => {
      judgedStack(stack, {}, production === undefined ? {} : { production });
      expect(await violationsOf(ruleNamed("require-standby-node"), [lonely])).toHaveLength(count);
    },
  );
});

it("the stack is the resources' own where the engine tells none", async () => {
  judgedStack("any");
  runtime.resetOptions("p", "", -1, "", "", true, "");
  const lonely: Judged = { ...compliant.postgres, props: { ...compliant.postgres.props, nodeCount: 1 } };
  for (const [stack, count] of [
    ["production", 1],
    ["staging", 0],
  ] as const) {
    rememberInputs.validateResource(
      resourceArgs({ urn: `urn:pulumi:${stack}::p::t::n`, type: "t", name: "n", props: {} }),
    );
    expect(await violationsOf(ruleNamed("require-standby-node"), [lonely])).toHaveLength(count);
  }
});

describe("the level of a rule", () => {
  it.each(["advisory", "disabled", "mandatory"])("is %s where the configuration says so", (level) => {
    judged({ levels: { "require-ssh-keys": level } });
    expect(rule.policy.enforcementLevel).toBe(level);
    expect(ruleNamed("require-https").policy.enforcementLevel).toBe("mandatory");
  });

  it("is the rule's own where it says nothing", () => {
    judged({});
    expect(ruleNamed("require-control-plane-firewall").policy.enforcementLevel).toBe("advisory");
  });
});

describe("registries that the configuration names", () => {
  const rule = ruleNamed("refuse-unknown-registries");
  const pulls = (image: string): Judged => ({
    type: "kubernetes:core/v1:Pod",
    props: { spec: { containers: [{ name: "main", image }] } },
  });

  it("are let in beside those of the catalogue, and no others that begin alike", async () => {
    judged({ registries: ["ghcr.io/fluxcd", "localhost:5000/"] });
    for (const image of ["ghcr.io/fluxcd/flux:2.0.0", "localhost:5000/app:1.0.0", "nginx:1.29.3"])
      expect(await violationsOf(rule, [pulls(image)]), image).toEqual([]);
    for (const image of ["ghcr.io/fluxcd-evil/flux:2.0.0", "ghcr.io/flux:1.0.0", "localhost/app:1.0.0"])
      expect(await violationsOf(rule, [pulls(image)]), image).toHaveLength(1);
  });
});
