import type { types } from "@pulumi/kubernetes";
import type { Gpu } from "../../catalog/sizes.ts";

/** Label of every node with its pool's name, and key of the taint of pools that are dedicated. */
export const poolKey = "whisper.platform/pool";

/** What Kubernetes calls the GPUs of a brand, and taints their nodes with on DOKS. */
export const gpuResource = (brand: Gpu["brand"]): string => `${brand}.com/gpu`;

/** Where a pod may run. */
type Placement = Pick<types.input.core.v1.PodSpec, "nodeSelector" | "tolerations">;

/**
 * Lets a pod run on the nodes it is meant for.
 *
 * @param pool the pool whose nodes it runs on and nowhere else, dedicated or not; absent for any that takes it
 * @param gpus brands of the GPUs it asks for
 */
export function placementOn(pool: string | undefined, gpus: readonly Gpu["brand"][] = []): Placement {
  const tolerations = [
    ...(pool === undefined ? [] : [{ key: poolKey, operator: "Equal", value: pool, effect: "NoSchedule" }]),
    ...[...new Set(gpus)].map((brand) => ({
      key: gpuResource(brand),
      operator: "Exists",
      effect: "NoSchedule",
    })),
  ];
  return {
    ...(pool !== undefined && { nodeSelector: { [poolKey]: pool } }),
    ...(tolerations.length > 0 && { tolerations }),
  };
}
