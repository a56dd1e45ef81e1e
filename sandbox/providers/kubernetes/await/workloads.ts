import {
  type KubernetesObject,
  nameOf,
  numberAt,
  type PlainMap,
  textAt,
  valueAt,
} from "../objects/object.ts";
import { selectedPodTroubles, withPodTroubles } from "./pods.ts";
import { conditionOf, conditionText, failed, isTrue, type Judge, READY, waitingFor } from "./readiness.ts";

/** A Deployment is ready when its controller has rolled out what was asked for, and all of it is available. */
export const judgeDeployment: Judge = async (deployment, scene) => {
  if (!isObserved(deployment)) return waitingFor([unobserved(deployment)]);
  if (valueAt(deployment, "spec", "paused") === true) return READY;
  const progressing = conditionOf(deployment, "Progressing");
  if (textAt(progressing, "reason") === "ProgressDeadlineExceeded") {
    return failed(conditionText(progressing), ...(await selectedPodTroubles(deployment, scene)));
  }
  const wanted = numberAt(deployment, ["spec", "replicas"], 1);
  const count = (field: string) => numberAt(deployment, ["status", field]);
  const missing = [
    ...(count("updatedReplicas") < wanted
      ? [`${count("updatedReplicas")} of ${wanted} replicas are up to date`]
      : []),
    ...(count("replicas") > count("updatedReplicas")
      ? [`${count("replicas") - count("updatedReplicas")} old replicas are still to go`]
      : []),
    ...(count("availableReplicas") < wanted
      ? [`${count("availableReplicas")} of ${wanted} replicas are available`]
      : []),
  ];
  return withPodTroubles(missing, deployment, scene);
};

/** A StatefulSet is ready when all its replicas are of the new revision and ready. */
export const judgeStatefulSet: Judge = async (set, scene) => {
  if (!isObserved(set)) return waitingFor([unobserved(set)]);
  const wanted = numberAt(set, ["spec", "replicas"], 1);
  const ready = numberAt(set, ["status", "readyReplicas"]);
  const updated = numberAt(set, ["status", "updatedReplicas"]);
  const rolls = textAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
  const due = wanted - numberAt(set, ["spec", "updateStrategy", "rollingUpdate", "partition"]);
  const missing = [
    ...(rolls && updated < due ? [`${updated} of ${due} replicas are up to date`] : []),
    ...(ready < wanted ? [`${ready} of ${wanted} replicas are ready`] : []),
  ];
  return withPodTroubles(missing, set, scene);
};

/** A DaemonSet is ready when every node that should has an available pod of the new revision. */
export const judgeDaemonSet: Judge = async (set, scene) => {
  if (!isObserved(set)) return waitingFor([unobserved(set)]);
  const wanted = numberAt(set, ["status", "desiredNumberScheduled"]);
  const updated = numberAt(set, ["status", "updatedNumberScheduled"]);
  const available = numberAt(set, ["status", "numberAvailable"]);
  const rolls = textAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
  const missing = [
    ...(rolls && updated < wanted ? [`${updated} of ${wanted} nodes have the new revision`] : []),
    ...(available < wanted ? [`${available} of ${wanted} nodes have an available pod`] : []),
  ];
  return withPodTroubles(missing, set, scene);
};

/** A ReplicationController is ready when its replicas are available. */
export const judgeReplicationController: Judge = (controller) => {
  const wanted = numberAt(controller, ["spec", "replicas"], 1);
  const available = numberAt(controller, ["status", "availableReplicas"]);
  return waitingFor(available < wanted ? [`${available} of ${wanted} replicas are available`] : []);
};

/** A Job is ready when it has completed, or is suspended on purpose. */
export const judgeJob: Judge = async (job, scene) => {
  if (isTrue(job, "Complete") || valueAt(job, "spec", "suspend") === true) return READY;
  const failure = conditionOf(job, "Failed");
  if (failure !== undefined && textAt(failure, "status") === "True") {
    return failed(
      `Job ${nameOf(job)} failed: ${conditionText(failure)}`,
      ...(await selectedPodTroubles(job, scene)),
    );
  }
  const succeeded = numberAt(job, ["status", "succeeded"]);
  const wanted = numberAt(job, ["spec", "completions"], 1);
  return withPodTroubles([`${succeeded} of ${wanted} completions`], job, scene);
};

/** Whether the kind's controller has seen the last change. */
function isObserved(object: PlainMap): boolean {
  const generation = numberAt(object, ["metadata", "generation"]);
  return numberAt(object, ["status", "observedGeneration"]) >= generation;
}

function unobserved(object: KubernetesObject): string {
  return `the controller of ${object.kind} ${nameOf(object)} has not seen the change yet`;
}
