import { backupsBreaches } from "./backups.ts";
import type { Breach } from "./breach.ts";
import { digitaloceanBreaches } from "./digitalocean.ts";
import { kubernetesBreaches } from "./kubernetes.ts";
import { ownershipBreaches } from "./ownership.ts";
import { podSecurityBreaches } from "./pod-security.ts";
import { secretsBreaches } from "./secrets.ts";
import { storesBreaches } from "./stores.ts";

/** Every breach that a rule must notice. */
export const breaches: readonly Breach[] = [
  ...backupsBreaches,
  ...digitaloceanBreaches,
  ...kubernetesBreaches,
  ...ownershipBreaches,
  ...podSecurityBreaches,
  ...secretsBreaches,
  ...storesBreaches,
];
