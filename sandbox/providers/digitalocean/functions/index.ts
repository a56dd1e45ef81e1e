import type { FunctionDefinition } from "../dsl/resource.ts";
import { getAccount } from "./account.ts";
import { getDatabaseCa } from "./database-ca.ts";
import { getDatabaseCluster } from "./database-cluster.ts";
import { getDatabaseMetricsCredentials } from "./database-metrics-credentials.ts";
import { getImage } from "./image.ts";
import { getKubernetesCluster } from "./kubernetes-cluster.ts";
import { getKubernetesVersions } from "./kubernetes-versions.ts";
import { getLoadBalancer } from "./load-balancer.ts";
import { getRegions } from "./regions.ts";
import { getSizes } from "./sizes.ts";

/** Every function that the stand-in serves. */
export const functionDefinitions: readonly FunctionDefinition[] = [
  getAccount,
  getDatabaseCa,
  getDatabaseCluster,
  getDatabaseMetricsCredentials,
  getImage,
  getKubernetesCluster,
  getKubernetesVersions,
  getLoadBalancer,
  getRegions,
  getSizes,
];
