import { beforeEach, describe, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { baseline } from "./compliant.ts";
import { container, pod, withValue } from "./examples/breach.ts";
import { breaches, sound } from "./examples/index.ts";
import { linkBreaches } from "./examples/links.ts";
import { judgedStack, ruleNamed, violationsOf } from "./harness.ts";

beforeEach(() => judgedStack("production"));

describe("the baseline", () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))("passes %s", async (_name, rule) => {
    expect(await violationsOf(rule, Object.values(baseline()))).toEqual([]);
  });
});

describe("each breach", () => {
  it.each(breaches)("%s notices %s.%s = %j", async (name, subject, path, value) => {
    const resources = baseline();
    withValue(resources[subject], path, value);

    const violations = await violationsOf(ruleNamed(name), Object.values(resources));

    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0]).toContain("Remedy: ");
  });

  it.each(linkBreaches)("%s notices that %s refers to nothing by %s", async (name, subject, property) => {
    const resources = baseline();
    const { [property]: _left, ...others } = resources[subject].refersTo ?? {};
    const unlinked = { ...resources, [subject]: { ...resources[subject], refersTo: others } };

    const violations = await violationsOf(ruleNamed(name), Object.values(unlinked));

    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0]).toContain("Remedy: ");
  });

  it.each(sound)("%s does not mind %s.%s = %j", async (name, subject, path, value) => {
    const resources = baseline();
    withValue(resources[subject], path, value);

    expect(await violationsOf(ruleNamed(name), Object.values(resources))).toEqual([]);
  });

  it("reports every container that is wrong, init containers too", async () => {
    const resources = baseline();
    withValue(resources.deployment, `${pod}.initContainers`, [{ name: "migrate", image: "api" }]);
    withValue(resources.deployment, `${container}.image`, "api");

    const violations = await violationsOf(ruleNamed("require-pinned-images"), Object.values(resources));

    expect(violations).toHaveLength(2);
    expect(violations.join()).toContain("spec.template.spec.initContainers[migrate].image");
  });

  const seen = [{ name: "main", hostPort: 80, ports: [{ containerPort: 80, hostPort: 80 }] }];
  const template = { spec: { containers: seen } };
  it.each([
    [
      "batch/v1:CronJob",
      { spec: { jobTemplate: { spec: { template } } } },
      "spec.jobTemplate.spec.template.",
    ],
    ["core/v1:Pod", template, ""],
    ["core/v1:PodTemplate", { template }, "template."],
    ["extensions/v1beta1:Deployment", { spec: { template } }, "spec.template."],
    ["apps/v1:DeploymentPatch", { spec: { template } }, "spec.template."],
    ["apps/v1:DeploymentList", { items: [{ spec: { template } }] }, "items[0].spec.template."],
    ["core/v1:List", { items: [{ kind: "Pod", ...template }] }, "items[0]."],
    ["argoproj.io/v1alpha1:Rollout", { spec: { template } }, "spec.template."],
    ["keda.sh/v1alpha1:ScaledJob", { spec: { jobTargetRef: { template } } }, "spec.jobTargetRef.template."],
    ["example.com/v1:Farm", { spec: { pools: [{ podTemplate: template }] } }, "spec.pools[0].podTemplate."],
  ])("finds the pods of %s", async (kind, props, path) => {
    const [violation] = await violationsOf(ruleNamed("refuse-host-ports"), [
      { type: `kubernetes:${kind}`, props },
    ]);
    expect(violation).toContain(`${path}spec.containers[main].ports[80].hostPort`);
  });

  it.each([
    ["without pods", "spec.template", undefined],
    ["with a text for its pod", "spec.template.spec", "a pod"],
    ["with a text for its containers", `${pod}.containers`, "api"],
    ["with a list of texts", `${pod}.initContainers`, ["api"]],
    ["with a text for a list", `${container}.ports`, "80"],
  ])("refuses to take a Deployment %s for judged", async (_what, path, value) => {
    const resources = baseline();
    withValue(resources.deployment, path, value);
    const violations = await violationsOf(ruleNamed("refuse-host-ports"), [resources.deployment]);
    expect(violations.join()).toContain("cannot judge this");
  });
});

describe("rules across resources", () => {
  it("take the denials of both directions from two policies as well as from one", async () => {
    const { networkPolicy: ingress, ...others } = baseline();
    withValue(ingress, "spec.policyTypes", ["Ingress"]);
    const egress = withValue({ ...baseline().networkPolicy, name: "egress" }, "spec.policyTypes", ["Egress"]);

    expect(
      await violationsOf(ruleNamed("require-network-policies"), [...Object.values(others), ingress, egress]),
    ).toEqual([]);
  });

  it.each([
    ["ClusterRole", 0],
    ["Role", 1],
  ])("let everybody have what the %s of discovery gives: %i violations", async (kind, expected) => {
    const { binding } = baseline();
    withValue(binding, "roleRef", { kind, name: "system:discovery" });
    withValue(binding, "subjects", [{ kind: "Group", name: "system:authenticated" }]);
    expect(await violationsOf(ruleNamed("refuse-open-bindings"), [binding])).toHaveLength(expected);
  });

  it("know no number of a DaemonSet's pods that a disruption budget could hold back", async () => {
    const { disruptionBudget, deployment, nodeAgent } = baseline();
    withValue(disruptionBudget, "spec.maxUnavailable", undefined);
    withValue(disruptionBudget, "spec.minAvailable", 1);
    const agents = withValue(nodeAgent, "metadata.namespace", "whisper");
    const rule = ruleNamed("refuse-blocking-budgets");

    expect(await violationsOf(rule, [disruptionBudget, deployment])).toHaveLength(1);
    expect(await violationsOf(rule, [disruptionBudget, deployment, agents])).toEqual([]);
  });

  it("count a direction as open when one policy denies it and another lets everything through", async () => {
    const open = withValue({ ...baseline().networkPolicy, name: "open" }, "spec.egress", [{}]);
    const violations = await violationsOf(ruleNamed("require-network-policies"), [
      ...Object.values(baseline()),
      open,
    ]);

    expect(violations.length).toBeGreaterThan(0);
    expect(violations.join()).toContain("nothing restricts its egress");
    expect(violations.join()).not.toContain("nothing restricts its ingress");
  });

  it("want trusted sources for every database, by reference", async () => {
    const { trustedSources: _left, ...others } = baseline();

    expect(await violationsOf(ruleNamed("require-trusted-sources"), Object.values(others))).toHaveLength(1);
  });

  it("refuse a key that writes to two copies of one backup", async () => {
    const resources = baseline();
    const both = { ...resources.copiesKey, refersTo: { grants: ["copiesBucket", "offsiteBucket"] } };
    const said = await violationsOf(
      ruleNamed("require-guarded-backup-history"),
      Object.values({ ...resources, copiesKey: both }),
    );
    expect(said.join()).toContain("this one key writes to more than one copy");
  });

  it("ask for no backup of what can be made again, and of the state where there is a stack alone", async () => {
    const { claim, images, registry } = baseline();
    expect(await violationsOf(ruleNamed("require-backup"), [claim, images, registry])).toEqual([]);
  });

  it("see nothing of a Helm release, and say so", async () => {
    const release = { type: "kubernetes:helm.sh/v3:Release", props: { chart: "nginx" } };
    expect(await violationsOf(ruleNamed("refuse-helm-releases"), [release])).toHaveLength(1);
  });

  it("want something that makes a pod again", async () => {
    const pod = { type: "kubernetes:core/v1:Pod", props: { spec: { containers: [] } } };
    expect(await violationsOf(ruleNamed("refuse-naked-pods"), [pod])).toHaveLength(1);
  });

  it("want a VPC of what can be in one", async () => {
    const { network: _left, ...others } = baseline();

    const violations = await violationsOf(ruleNamed("require-private-network"), Object.values(others));

    expect(violations).toHaveLength(6);
  });
});

describe("store protection", () => {
  const unprotected = () => [{ ...baseline().postgres, protect: false }];
  const rule = ruleNamed("require-store-protection");

  it.each(["postgres", "database", "bucket", "registry", "claim"] as const)(
    "is demanded of the %s in production",
    async (store) => {
      expect(await violationsOf(rule, [{ ...baseline()[store], protect: false }])).toHaveLength(1);
    },
  );

  it("is not demanded in staging", async () => {
    judgedStack("staging");
    expect(await violationsOf(rule, unprotected())).toEqual([]);
  });

  it.each([
    ["names the environment and a reason", { confirm: "production", reason: "moved to another account" }, 0],
    ["names another environment", { confirm: "staging", reason: "moved" }, 1],
    ["gives no reason", { confirm: "production", reason: "" }, 1],
    ["is something else", "yes", 1],
  ])("when the decommission setting %s", async (_name, decommission, expected) => {
    judgedStack("production", { decommission });
    expect(await violationsOf(rule, unprotected())).toHaveLength(expected);
  });
});

describe("the pack", () => {
  it("names each rule once, with a verb, a reason, a remedy and references", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    for (const { name, description, remedy, references } of rules) {
      expect(name, "a rule begins with its verb").toMatch(/^(require|refuse)-[a-z-]+$/);
      expect(description.length, `${name} needs a description that says why`).toBeGreaterThan(30);
      expect(remedy.length, `${name} needs a remedy`).toBeGreaterThan(10);
      expect(references.length, `${name} needs a reference to a benchmark or standard`).toBeGreaterThan(0);
    }
  });

  it("has a breach for every rule, so that none can pass everything unseen", () => {
    const alone = ["refuse-helm-releases", "refuse-naked-pods", "require-store-protection"];
    const tested = new Set([...[...breaches, ...linkBreaches].map(([name]) => name), ...alone]);

    const untested = rules.map(({ name }) => name).filter((name) => !tested.has(name));
    expect(
      untested,
      `add a breach for ${untested.join(", ")} to its list in tests/policies/examples/`,
    ).toEqual([]);
  });
});
