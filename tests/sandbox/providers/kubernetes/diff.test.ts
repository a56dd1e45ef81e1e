import { describe, expect, it } from "vitest";
import { formatPath, parseIgnorePath } from "../../../../sandbox/providers/kit/path.ts";
import { type PropertyMap, Secret, UNKNOWN } from "../../../../sandbox/providers/kit/values.ts";
import { toOutputs } from "../../../../sandbox/providers/kubernetes/checkpoint.ts";
import { diffObject } from "../../../../sandbox/providers/kubernetes/diff.ts";
import { asObject, type PlainMap } from "../../../../sandbox/providers/kubernetes/objects/object.ts";
import { kindOf } from "../../../../sandbox/providers/kubernetes/objects/type-token.ts";

const IMMUTABLE = { enableConfigMapMutable: false, enableSecretMutable: false };
const MUTABLE = { enableConfigMapMutable: true, enableSecretMutable: true };

/** What a change from some inputs to others means for an object that lives as given: `path: kind[ replace]`. */
function change(
  before: PropertyMap,
  live: PlainMap,
  after: PropertyMap,
  { ignore = [], options = IMMUTABLE }: { ignore?: string[]; options?: typeof IMMUTABLE } = {},
) {
  const object = asObject(live);
  const outputs = toOutputs(object, before, { initialApiVersion: "", fieldManager: "" });
  const diff = diffObject(kindOf(object), outputs, after, ignore, options);
  const lines = diff.properties.map(
    (property) => `${formatPath(property.path)}: ${property.kind}${property.replace ? " replace" : ""}`,
  );
  return { lines, deleteBeforeReplace: diff.deleteBeforeReplace, changed: diff.changed };
}

const base = (apiVersion: string, kind: string, rest: PlainMap): PlainMap => ({
  apiVersion,
  kind,
  metadata: { name: "x", namespace: "n" },
  ...rest,
});
const deployment = (spec: PlainMap) => base("apps/v1", "Deployment", { spec });
const lived = (object: PlainMap, more: PlainMap): PlainMap => ({
  ...object,
  ...more,
  metadata: { ...(object.metadata as PlainMap), uid: "1", resourceVersion: "7" },
  status: { replicas: 1 },
});

describe("the diff of an object", () => {
  it("is empty for the same inputs, whatever the server filled in", () => {
    const inputs = deployment({
      replicas: 2,
      template: { spec: { containers: [{ name: "c", image: "i" }] } },
    });
    const live = lived(inputs, {
      spec: {
        replicas: 2,
        revisionHistoryLimit: 10,
        template: {
          spec: {
            containers: [{ name: "c", image: "i", imagePullPolicy: "Always" }],
            dnsPolicy: "ClusterFirst",
          },
        },
      },
    });
    expect(change(inputs, live, inputs).changed).toBe(false);
  });

  it("finds a named member of a list although others were put before it", () => {
    const inputs = deployment({ template: { spec: { containers: [{ name: "c", image: "i" }] } } });
    const sidecar = { name: "mesh", image: "m" };
    const live = lived(inputs, {
      spec: { template: { spec: { containers: [sidecar, { name: "c", image: "i" }] } } },
    });
    expect(change(inputs, live, inputs).changed).toBe(false);
  });

  it("touches only the property that changes", () => {
    const live = lived(deployment({ replicas: 2 }), {});
    expect(change(deployment({ replicas: 2 }), live, deployment({ replicas: 3 })).lines).toEqual([
      "spec.replicas: update",
    ]);
    expect(
      change(deployment({ replicas: 2 }), live, deployment({ replicas: UNKNOWN as never })).lines,
    ).toEqual(["spec.replicas: update"]);
  });

  it("shows drift in what we manage, and only there", () => {
    const inputs = deployment({ replicas: 2 });
    expect(change(inputs, lived(inputs, { spec: { replicas: 5, paused: true } }), inputs).lines).toEqual([
      "spec.replicas: update",
    ]);
  });

  it("tells a zero that the server leaves out from one that means something", () => {
    const live = lived(deployment({}), { spec: { replicas: 1 } });
    const zero = deployment({ paused: false, template: { spec: { hostNetwork: false } } });
    expect(change(deployment({}), live, zero).changed).toBe(false);
    expect(change(zero, live, zero).changed).toBe(false);
    expect(change(zero, live, deployment({})).changed).toBe(false);
    expect(change(deployment({}), live, deployment({ replicas: 0 })).lines).toEqual(["spec.replicas: add"]);
  });

  it("leaves out what the program ignores", () => {
    const before = deployment({ replicas: 2, paused: true });
    const after = deployment({ replicas: 3, paused: true, template: { metadata: { labels: { a: "b" } } } });
    expect(
      change(before, lived(before, {}), after, { ignore: ["spec.replicas", "spec.template"] }).changed,
    ).toBe(false);
  });

  it("takes no notice of secrecy", () => {
    const inputs = base("v1", "Secret", { data: { a: "eA==" } });
    expect(change(inputs, lived(inputs, {}), { ...inputs, data: new Secret({ a: "eA==" }) }).changed).toBe(
      false,
    );
  });

  it("accepts a made-up name that the program now spells out", () => {
    const before = { apiVersion: "v1", kind: "Service", metadata: { name: "x", namespace: "n" } };
    expect(change(before, lived(before, {}), before).changed).toBe(false);
  });
});

describe("what takes a new object", () => {
  it.each([
    [
      deployment({ selector: { matchLabels: { a: "1" } } }),
      deployment({ selector: { matchLabels: { a: "2" } } }),
      true,
    ],
    [deployment({}), deployment({ selector: { matchLabels: { a: "2" } } }), true],
    [deployment({ template: { a: 1 } }), deployment({ template: { a: 2 } }), false],
    [
      base("batch/v1", "Job", { spec: { template: { a: 1 } } }),
      base("batch/v1", "Job", { spec: { template: { a: 2 } } }),
      true,
    ],
    [
      base("batch/v1", "CronJob", { spec: { schedule: "a" } }),
      base("batch/v1", "CronJob", { spec: { schedule: "b" } }),
      false,
    ],
    [
      base("apps/v1", "StatefulSet", { spec: { replicas: 1 } }),
      base("apps/v1", "StatefulSet", { spec: { replicas: 2 } }),
      false,
    ],
    [
      base("apps/v1", "StatefulSet", { spec: { serviceName: "a" } }),
      base("apps/v1", "StatefulSet", { spec: { serviceName: "b" } }),
      true,
    ],
    [
      base("v1", "Service", { spec: { clusterIP: "1.1.1.1" } }),
      base("v1", "Service", { spec: { clusterIP: "None" } }),
      true,
    ],
    [
      base("v1", "Service", { spec: { type: "ClusterIP" } }),
      base("v1", "Service", { spec: { type: "NodePort" } }),
      false,
    ],
    [
      base("v1", "PersistentVolumeClaim", { spec: { storageClassName: "a" } }),
      base("v1", "PersistentVolumeClaim", { spec: { storageClassName: "b" } }),
      true,
    ],
    [
      base("v1", "PersistentVolumeClaim", { spec: { resources: { a: 1 } } }),
      base("v1", "PersistentVolumeClaim", { spec: { resources: { a: 2 } } }),
      false,
    ],
    [
      base("v1", "Pod", { spec: { containers: [{ name: "c", image: "a" }] } }),
      base("v1", "Pod", { spec: { containers: [{ name: "c", image: "b" }] } }),
      true,
    ],
    [
      base("rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { name: "a" } }),
      base("rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { name: "b" } }),
      true,
    ],
    [base("v1", "ConfigMap", { data: { a: "1" } }), base("v1", "ConfigMap", { data: { a: "2" } }), true],
    [base("v1", "Secret", { data: { a: "1" } }), base("v1", "Secret", { data: { a: "2" } }), true],
  ])("%j -> %j: %s", (before, after, replaces) => {
    const result = change(before, lived(before, {}), after);
    expect(result.lines.some((line) => line.endsWith("replace"))).toBe(replaces);
    expect(result.deleteBeforeReplace).toBe(replaces);
  });

  it("includes another name or namespace, which both can exist", () => {
    const before = deployment({});
    const after = { ...before, metadata: { name: "y", namespace: "n" } };
    expect(change(before, lived(before, {}), after)).toMatchObject({
      lines: ["metadata.name: update replace"],
      deleteBeforeReplace: false,
    });
  });

  it("lets a name made up stand beside the old one", () => {
    const metadata = { name: "x", namespace: "n", annotations: { "pulumi.com/autonamed": "true" } };
    const before = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } };
    expect(change(before, lived(before, {}), { ...before, data: { a: "2" } }).deleteBeforeReplace).toBe(
      false,
    );
  });

  it("depends on the provider's options and on immutability for contents", () => {
    const before = base("v1", "ConfigMap", { data: { a: "1" } });
    const after = base("v1", "ConfigMap", { data: { a: "2" } });
    expect(change(before, lived(before, {}), after, { options: MUTABLE }).lines).toEqual(["data.a: update"]);
    const frozen = { ...after, immutable: true };
    expect(change(before, lived(before, {}), frozen, { options: MUTABLE }).lines).toContain(
      "data.a: update replace",
    );
  });
});

it("reads the paths that programs ignore", () => {
  expect(parseIgnorePath("spec.replicas")).toEqual(["spec", "replicas"]);
  expect(parseIgnorePath('metadata.annotations["a.b/c"]')).toEqual(["metadata", "annotations", "a.b/c"]);
  expect(parseIgnorePath("spec.ports[0].nodePort")).toEqual(["spec", "ports", "0", "nodePort"]);
  expect(parseIgnorePath("spec.containers[*].image")).toEqual(["spec", "containers", "*", "image"]);
});
