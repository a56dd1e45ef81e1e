import { alertingPricing } from "../alerting/cost.ts";
import { databasePricing } from "../database/cost.ts";
import { dropletPricing } from "../gpu-pool/cost.ts";
import { clusterPricing } from "../kubernetes-cluster/cost.ts";
import { networkPricing } from "../network/cost.ts";
import { bucketPricing } from "../object-storage/cost.ts";
import { registryPricing } from "../registry/cost.ts";
import { workloadPricing } from "../workload/cost.ts";
import type { Pricing } from "./bill.ts";

/** What every component's resources cost. A new `cost.ts` beside a component has a line here. */
export const pricing: Pricing = {
  ...alertingPricing,
  ...bucketPricing,
  ...clusterPricing,
  ...databasePricing,
  ...dropletPricing,
  ...networkPricing,
  ...registryPricing,
  ...workloadPricing,
};
