import type { PlainValue } from "../../kit/values.ts";
import type { SchemaNode } from "../cluster/schema.ts";
import { isMap, textAt } from "./object.ts";

const BUILT_IN = "io.k8s.";
const CORE = "io.k8s.api.core.v1.";

/**
 * Scalar fields that Kubernetes itself leaves out when they are false, 0 or empty, because that is the same as not being
 * there. (For other fields it is not: `replicas: 0` is no default.) The description does not tell, so they are named here.
 */
const OMITTED_WHEN_ZERO: Readonly<Record<string, readonly string[]>> = {
  [`${CORE}Container`]: ["stdin", "stdinOnce", "tty", "workingDir", "terminationMessagePath"],
  [`${CORE}ContainerPort`]: ["hostIP", "hostPort", "name"],
  [`${CORE}EnvVar`]: ["value"],
  [`${CORE}HTTPGetAction`]: ["host", "path"],
  [`${CORE}PersistentVolumeClaimVolumeSource`]: ["readOnly"],
  [`${CORE}PodSpec`]: [
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostname",
    "nodeName",
    "priorityClassName",
    "subdomain",
  ],
  [`${CORE}Probe`]: [
    "failureThreshold",
    "initialDelaySeconds",
    "periodSeconds",
    "successThreshold",
    "timeoutSeconds",
  ],
  [`${CORE}ServicePort`]: ["name", "nodePort"],
  [`${CORE}ServiceSpec`]: ["healthCheckNodePort", "loadBalancerIP", "publishNotReadyAddresses"],
  [`${CORE}VolumeMount`]: ["readOnly", "subPath", "subPathExpr"],
  "io.k8s.api.apps.v1.DaemonSetSpec": ["minReadySeconds"],
  "io.k8s.api.apps.v1.DeploymentSpec": ["minReadySeconds", "paused"],
  "io.k8s.api.apps.v1.StatefulSetSpec": ["minReadySeconds"],
};

/** Lists that stand in the object even when they are empty. */
const KEPT_LISTS: readonly string[] = ["rules", "verbs"];

/** Whether the API server would leave the field out, with this value: an empty list or map of names, or a zero of those above. */
export function isOmitted(parent: SchemaNode, name: string, field: SchemaNode, value: PlainValue): boolean {
  if (!parent.name.startsWith(BUILT_IN)) return false;
  if (Array.isArray(value)) return value.length === 0 && !KEPT_LISTS.includes(name);
  if (isMap(value)) return Object.keys(value).length === 0 && isMapOfNames(field);
  const isZero = value === false || value === 0 || value === "";
  return isZero && (OMITTED_WHEN_ZERO[parent.name]?.includes(name) ?? false);
}

function isMapOfNames(field: SchemaNode): boolean {
  return (
    field.name === "" &&
    textAt(field.body, "type") === "object" &&
    field.body.additionalProperties !== undefined
  );
}
