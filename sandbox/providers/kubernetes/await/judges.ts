import { isAnnotated } from "../objects/annotations.ts";
import { type KubernetesObject, nameOf, type PlainMap, textAt, valueAt } from "../objects/object.ts";
import { kindOf } from "../objects/type-token.ts";
import { customJudge } from "./custom.ts";
import { judgeIngress, judgeService } from "./network.ts";
import { judgePod } from "./pods.ts";
import { isTrue, type Judge, waitingFor } from "./readiness.ts";
import { judgeClaim, judgeQuota, judgeVolume } from "./storage.ts";
import {
  judgeDaemonSet,
  judgeDeployment,
  judgeJob,
  judgeReplicationController,
  judgeStatefulSet,
} from "./workloads.ts";

/** Kinds that are not done when the API server has taken them, by `group/Kind`. All others are. */
const JUDGES: Readonly<Record<string, Judge>> = {
  "/PersistentVolume": judgeVolume,
  "/PersistentVolumeClaim": judgeClaim,
  "/Pod": judgePod,
  "/ReplicationController": judgeReplicationController,
  "/ResourceQuota": judgeQuota,
  "/Secret": (secret) =>
    waitingFor(
      textAt(secret, "type") === "kubernetes.io/service-account-token" &&
        valueAt(secret, "data") === undefined
        ? [`Secret ${nameOf(secret)} has no token yet`]
        : [],
    ),
  "/Service": judgeService,
  "apiextensions.k8s.io/CustomResourceDefinition": (definition) =>
    waitingFor(isTrue(definition, "Established") ? [] : [`${nameOf(definition)} is not established yet`]),
  "apps/DaemonSet": judgeDaemonSet,
  "apps/Deployment": judgeDeployment,
  "apps/StatefulSet": judgeStatefulSet,
  "batch/Job": judgeJob,
  "networking.k8s.io/Ingress": judgeIngress,
};

/** What tells whether the object is ready, as its inputs' annotations and its kind have it; undefined: nothing is waited for. */
export function judgeOf(inputs: PlainMap, object: KubernetesObject): Judge | undefined {
  if (isAnnotated(inputs, "skipAwait")) return undefined;
  const { group, kind } = kindOf(object);
  return customJudge(inputs) ?? JUDGES[`${group}/${kind}`];
}
