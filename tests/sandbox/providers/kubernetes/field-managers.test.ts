import { expect, it } from "vitest";
import {
  withIgnoredFields,
  withoutPredecessors,
} from "../../../../sandbox/providers/kubernetes/field-managers.ts";
import type { PlainMap } from "../../../../sandbox/providers/kubernetes/objects/object.ts";

const entry = (manager: string, operation: string, fieldsV1: PlainMap, subresource?: string): PlainMap => ({
  manager,
  operation,
  apiVersion: "apps/v1",
  fieldsType: "FieldsV1",
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
});
const managed = (...managedFields: PlainMap[]): PlainMap => ({
  metadata: { managedFields },
  spec: { replicas: 5 },
});
const replicas = { "f:spec": { "f:replicas": {} } };
const paused = { "f:spec": { "f:paused": {} } };

it("gives the fields of who made an object to who applies it from then on", () => {
  const status = entry("kube-controller-manager", "Update", { "f:status": {} }, "status");
  const before = managed(
    entry("pulumi-kubernetes", "Update", replicas),
    status,
    entry("kubectl", "Update", paused),
  );
  expect(withoutPredecessors(before, "ours")).toEqual([
    status,
    entry("ours", "Apply", { "f:spec": { "f:replicas": {}, "f:paused": {} } }),
  ]);
});

it("leaves alone what has been handed over, and what another program applies", () => {
  expect(withoutPredecessors(managed(entry("ours", "Apply", replicas)), "ours")).toBeUndefined();
  expect(withoutPredecessors(managed(entry("argo", "Apply", replicas)), "ours")).toBeUndefined();
});

it("applies the live value of an ignored field that is ours, and leaves out one that is another's", () => {
  const inputs = { spec: { replicas: 2, paused: true } };
  const scaled = managed(entry("ours", "Apply", paused), entry("autoscaler", "Update", replicas, "scale"));
  expect(withIgnoredFields(inputs, scaled, "ours", ["spec.replicas"])).toEqual({ spec: { paused: true } });
  const own = managed(entry("ours", "Apply", replicas));
  expect(withIgnoredFields(inputs, own, "ours", ["spec.replicas"])).toEqual({
    spec: { replicas: 5, paused: true },
  });
});
