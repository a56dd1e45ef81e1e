import { beforeEach, describe, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { baseline, type compliant } from "./compliant.ts";
import { type PropertyPath, withValue } from "./examples/breach.ts";
import { breaches } from "./examples/index.ts";
import { judgedStack, ruleNamed, unknown, violationsOf } from "./harness.ts";

/** A rule, a resource of the baseline, and a property of it. */
type Case = readonly [rule: string, subject: keyof typeof compliant, path: PropertyPath];

/** What rules read that no breach of theirs changes. */
const alsoRead: readonly Case[] = [
  ["require-nat-gateway", "cluster", "isolatedWorkers"],
  ["require-nat-gateway", "droplet", "publicNetworking"],
  ["require-private-network", "loadBalancer", "type"],
  ["require-load-balancer-targets", "loadBalancer", "dropletIds"],
];

/** Where a rule decides without the value, and why it goes by what is known. */
const decidedWithout: readonly (readonly [...Case, why: string])[] = [
  ["require-private-network", "pool", "dropletTemplate.vpcUuid", "an unknown VPC is one of this change"],
  ["require-load-balancer-targets", "loadBalancer", "dropletTag", "an unknown tag is one of this change"],
  ["refuse-default-accounts", "binding", "subjects.0.name", "a name that is only made now is not `default`"],
  ...(["deployment", "service", "role", "configMap", "cronJob"] as const).map(
    (subject) =>
      [
        "refuse-default-namespace",
        subject,
        "metadata.namespace",
        "a name that is only made now is not `default`",
      ] as const,
  ),
  [
    "require-encrypted-edge",
    "service",
    ["metadata", "annotations", "service.beta.kubernetes.io/do-loadbalancer-certificate-name"],
    "an unknown certificate is one of this change",
  ],
  [
    "refuse-dangling-references",
    "statefulSet",
    "spec.serviceName",
    "an unknown Service is one of this change",
  ],
  ...(
    [
      ["network", "description"],
      ["media", "settings"],
      ["certificate", "privateKey"],
    ] as const
  ).map(
    ([subject, path]) =>
      [
        "refuse-plain-credentials",
        subject,
        path,
        "what is unknown stands in no program and no configuration",
      ] as const,
  ),
];

/** Mandatory rules that read no value, and what they go by. */
const readNoValue: Readonly<Record<string, string>> = {
  "refuse-helm-releases": "the type",
  "refuse-default-namespace": "the namespace, where it is written down",
  "refuse-plain-credentials": "what is written down",
  "require-store-protection": "the engine's options",
  "require-trusted-sources": "which resource refers to which",
};

const keyOf = ([rule, subject, path]: readonly [string, string, PropertyPath, ...unknown[]]) =>
  `${rule} ${subject} ${[path].flat().join(".")}`;
const without = new Set(decidedWithout.map(keyOf));

/** Each value that a breach of a mandatory rule changes, once. */
const cases: readonly Case[] = [
  ...new Map(
    [...breaches, ...alsoRead]
      .filter(([rule]) => ruleNamed(rule).level !== "advisory")
      .map(([rule, subject, path]) => [keyOf([rule, subject, path]), [rule, subject, path] as const]),
  ).values(),
];

async function said([rule, subject, path]: Case): Promise<string[]> {
  const resources = baseline();
  withValue(resources[subject], path, unknown);
  return await violationsOf(ruleNamed(rule), Object.values(resources));
}

const undecided = "cannot be decided before the change";

beforeEach(() => judgedStack("production"));

describe("a value that is unknown before the change", () => {
  it.each(cases.filter((one) => !without.has(keyOf(one))))(
    "is refused where %s reads %s.%s",
    async (...one) => {
      expect((await said(one)).length).toBeGreaterThan(0);
    },
  );

  it.each(decidedWithout)("does not matter where %s judges %s.%s: %4$s", async (rule, subject, path) => {
    expect(cases.map(keyOf)).toContain(keyOf([rule, subject, path]));
    expect(await said([rule, subject, path])).toEqual([]);
  });

  it("leaves every mandatory rule undecided somewhere, which is a refusal, unless it reads no value", async () => {
    const decided: string[] = [];
    for (const { name, level = "mandatory" } of rules) {
      if (level === "advisory") continue;
      const answers = await Promise.all(cases.filter(([rule]) => rule === name).map(said));
      if (!answers.flat().some((message) => message.includes(undecided))) decided.push(name);
    }
    expect(
      decided.sort(),
      "give a breach in tests/policies/examples/ a value that the rule reads, or say what it goes by",
    ).toEqual(Object.keys(readNoValue).sort());
  });

  it("does not matter where no rule needs it", async () => {
    const resources = baseline();
    withValue(resources.trustedSources, "rules.0.value", unknown);
    withValue(resources.droplet, "sshKeys.0", unknown);
    withValue(resources.deployment, "spec.template.metadata.annotations", { configuration: unknown });

    for (const rule of rules) expect(await violationsOf(rule, Object.values(resources))).toEqual([]);
  });
});
