import { isNotFound } from "../cluster/api-error.ts";
import { mapAt, nameOf, textAt } from "../objects/object.ts";
import type { ObjectKind } from "../objects/type-token.ts";
import { type Judge, READY, type Scene, waitingFor } from "./readiness.ts";

const STORAGE_CLASS: ObjectKind = { group: "storage.k8s.io", version: "v1", kind: "StorageClass" };

/** A claim is ready when it is bound, or when its class binds only once a pod uses it. */
export const judgeClaim: Judge = async (claim, scene) => {
  const phase = textAt(claim, "status", "phase");
  if (phase === "Bound") return READY;
  if (
    phase === "Pending" &&
    !scene.updating &&
    (await waitsForConsumer(textAt(claim, "spec", "storageClassName"), scene))
  ) {
    return READY;
  }
  return waitingFor([`PersistentVolumeClaim ${nameOf(claim)} is ${phase || "not seen yet"}, not Bound`]);
};

/** A volume is ready when a claim can have it, or has it. */
export const judgeVolume: Judge = (volume) => {
  const phase = textAt(volume, "status", "phase");
  if (phase === "Available" || phase === "Bound") return READY;
  return waitingFor([
    `PersistentVolume ${nameOf(volume)} is ${phase || "not seen yet"}, neither Available nor Bound`,
  ]);
};

/** A quota is ready when its controller counts by the limits asked for. */
export const judgeQuota: Judge = (quota) => {
  const wanted = mapAt(quota, "spec", "hard");
  const counted = mapAt(quota, "status", "hard");
  const uncounted = Object.keys(wanted).filter((name) => counted[name] !== wanted[name]);
  return waitingFor(
    uncounted.length > 0 ? [`ResourceQuota ${nameOf(quota)} does not count ${uncounted.join(", ")} yet`] : [],
  );
};

async function waitsForConsumer(storageClass: string, scene: Scene): Promise<boolean> {
  if (storageClass === "") return false;
  try {
    const found = await scene.cluster.get(STORAGE_CLASS, "", storageClass, scene.signal);
    return textAt(found, "volumeBindingMode") === "WaitForFirstConsumer";
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
