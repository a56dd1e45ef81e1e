import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath } from "../../../../sandbox/providers/kit/path.ts";
import { type PropertyMap, Secret, UNKNOWN } from "../../../../sandbox/providers/kit/values.ts";
import { GroupSchema } from "../../../../sandbox/providers/kubernetes/cluster/schema.ts";
import { makeUpName } from "../../../../sandbox/providers/kubernetes/objects/naming.ts";
import { normaliseInputs } from "../../../../sandbox/providers/kubernetes/objects/normalise.ts";
import { parseResourceId, resourceId } from "../../../../sandbox/providers/kubernetes/objects/object.ts";
import { canonicalQuantity } from "../../../../sandbox/providers/kubernetes/objects/quantity.ts";
import { parseTypeToken } from "../../../../sandbox/providers/kubernetes/objects/type-token.ts";
import { validateObject } from "../../../../sandbox/providers/kubernetes/objects/validate.ts";
import { DEPLOYMENT, deploymentDescription } from "./descriptions.ts";

const group = new GroupSchema(deploymentDescription);
const root = group.root(DEPLOYMENT);
if (root === undefined) throw new Error("the description of the test does not hold its kind");

describe("quantities", () => {
  it.each([
    ["1000m", "1"],
    ["0.5", "500m"],
    ["0.1", "100m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["100", "100"],
    ["1e3", "1e3"],
    ["1500k", "1500k"],
    ["1000k", "1M"],
    ["0", "0"],
    ["-0.5", "-500m"],
    [2, "2"],
    ["a lot", "a lot"],
  ])("%s is stored as %s", (written, stored) => {
    expect(canonicalQuantity(written)).toBe(stored);
  });

  it("stay as they are once they are canonical", () => {
    const quantity = fc
      .tuple(fc.nat(), fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi"))
      .map(([n, s]) => `${n}${s}`);
    fc.assert(
      fc.property(quantity, (written) => {
        const once = canonicalQuantity(written);
        expect(canonicalQuantity(once)).toBe(once);
      }),
    );
  });
});

describe("types", () => {
  it("are group, version and kind; the core group has no name", () => {
    expect(parseTypeToken("kubernetes:apps/v1:Deployment")).toEqual({
      group: "apps",
      version: "v1",
      kind: "Deployment",
    });
    expect(parseTypeToken("kubernetes:core/v1:Secret")).toEqual({ group: "", version: "v1", kind: "Secret" });
  });

  it.each([
    ["kubernetes:helm.sh/v3:Release", /vendor's plugin is needed/],
    ["kubernetes:yaml:ConfigFile", /declare their objects/],
    ["kubernetes:apps/v1:DeploymentPatch", /changes fields of an object/],
    ["kubernetes:core/v1:PodList", /declare their members/],
    ["kubernetes:Deployment", /no type of the form/],
  ])("%s is refused by its name", (token, why) => {
    expect(() => parseTypeToken(token)).toThrow(why);
    expect(() => parseTypeToken(token)).toThrow(token);
  });
});

describe("ids and names", () => {
  it("are namespace and name, or the name alone", () => {
    expect(resourceId({ metadata: { namespace: "a", name: "b" } })).toBe("a/b");
    expect(resourceId({ metadata: { name: "b" } })).toBe("b");
    expect(parseResourceId("a/b")).toEqual({ namespace: "a", name: "b" });
    expect(parseResourceId("b")).toEqual({ namespace: "", name: "b" });
  });

  it("are made up the same from the same seed", () => {
    const seed = new Uint8Array([1, 2, 3]);
    expect(makeUpName("web", seed, undefined)).toBe(makeUpName("web", seed, undefined));
    expect(makeUpName("web", new Uint8Array(), undefined)).toMatch(/^web-[0-9a-f]{8}$/);
  });

  it("are made up as the project's settings say", () => {
    expect(makeUpName("web", new Uint8Array(), { mode: "propose", proposedName: "web-x" })).toBe("web-x");
    expect(() => makeUpName("web", new Uint8Array(), { mode: "disable", proposedName: "" })).toThrow(
      /metadata.name/,
    );
  });
});

describe("validation by the API server's description", () => {
  const faults = (object: PropertyMap) =>
    Object.fromEntries(
      validateObject(group, root, object).map((failure) => [formatPath(failure.path), failure.reason]),
    );

  it("finds everything at once, each with its property", () => {
    expect(
      faults({
        spec: {
          replicaz: 3,
          strategy: "Recreate",
          paused: "no",
          template: {
            spec: {
              containers: [
                { image: 7, ports: [{ containerPort: "80" }], resources: { limits: { cpu: "much" } } },
                { name: "b", imagePullPolicy: "Sometimes" },
              ],
            },
          },
        },
      }),
    ).toEqual({
      "spec.selector": "is required",
      "spec.replicaz": "is no field of DeploymentSpec: did you mean replicas?",
      "spec.strategy": 'must be an object, is "Recreate"',
      "spec.paused": 'must be true or false, is "no"',
      "spec.template.spec.containers[0].name": "is required",
      "spec.template.spec.containers[0].image": "must be a string, is 7",
      "spec.template.spec.containers[0].ports[0].containerPort": 'must be a whole number, is "80"',
      "spec.template.spec.containers[0].resources.limits.cpu": expect.stringContaining("must be a quantity"),
      "spec.template.spec.containers[1].imagePullPolicy": expect.stringContaining('"Always"'),
    });
  });

  it("judges neither what is unknown nor what is null", () => {
    expect(
      faults({ spec: { selector: UNKNOWN, template: UNKNOWN, replicas: UNKNOWN, paused: null } }),
    ).toEqual({});
  });

  it("takes numbers and names where either goes, and free-form maps", () => {
    const rolling = { maxSurge: 1, maxUnavailable: "25%" };
    const selector = { matchLabels: { "any/key": "x" } };
    const template = { metadata: { labels: { a: "b" } } };
    expect(faults({ spec: { selector, template, strategy: { rollingUpdate: rolling } } })).toEqual({});
    expect(faults({ spec: { selector, template, strategy: { rollingUpdate: { maxSurge: 1.5 } } } })).toEqual({
      "spec.strategy.rollingUpdate.maxSurge": expect.stringContaining("a whole number or a string"),
    });
  });
});

describe("inputs as the API server keeps them", () => {
  it("are canonical, without what is null, read-only or means nothing", () => {
    const inputs = {
      metadata: { name: "x", uid: "1", managedFields: [], labels: {} },
      spec: {
        replicas: 0,
        paused: false,
        template: {
          spec: {
            hostNetwork: false,
            containers: [{ name: "c", image: null, args: [], resources: { limits: { cpu: "1000m" } } }],
          },
        },
      },
    };
    expect(normaliseInputs(inputs, { group, root })).toEqual({
      metadata: { name: "x" },
      spec: {
        replicas: 0,
        template: { spec: { containers: [{ name: "c", resources: { limits: { cpu: "1" } } }] } },
      },
    });
  });

  it("keep what is secret or not known yet", () => {
    const inputs = { spec: { paused: new Secret(false), template: { spec: { hostNetwork: UNKNOWN } } } };
    expect(normaliseInputs(inputs, { group, root })).toEqual(inputs);
  });

  it("hold a Secret's strings in base64, over its data", () => {
    const secret = { apiVersion: "v1", kind: "Secret", data: { a: "eA==", b: "eA==" } };
    const stringData = new Secret({ a: "y" });
    expect(normaliseInputs({ ...secret, stringData }, undefined)).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      data: new Secret({ a: "eQ==", b: "eA==" }),
    });
    const unknown = { ...secret, stringData: new Secret({ a: UNKNOWN }) };
    expect(normaliseInputs(unknown, undefined)).toEqual(unknown);
  });
});
