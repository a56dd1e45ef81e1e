import { backupsBreaches, backupsSound } from "./backups.ts";
import type { Breach, Sound } from "./breach.ts";
import { digitaloceanBreaches, digitaloceanSound } from "./digitalocean.ts";
import { identityBreaches, identitySound } from "./identity.ts";
import { kubernetesBreaches, kubernetesSound } from "./kubernetes.ts";
import { networkBreaches, networkSound } from "./network.ts";
import { ownershipBreaches } from "./ownership.ts";
import { podSecurityBreaches } from "./pod-security.ts";
import { rbacBreaches, rbacSound } from "./rbac.ts";
import { reliabilityBreaches, reliabilitySound } from "./reliability.ts";
import { secretsBreaches, secretsSound } from "./secrets.ts";
import { storesBreaches } from "./stores.ts";
import { supplyChainBreaches, supplyChainSound } from "./supply-chain.ts";
import { versionsBreaches, versionsSound } from "./versions.ts";

/** Every breach that a rule must notice. */
export const breaches: readonly Breach[] = [
  ...backupsBreaches,
  ...digitaloceanBreaches,
  ...identityBreaches,
  ...kubernetesBreaches,
  ...networkBreaches,
  ...ownershipBreaches,
  ...podSecurityBreaches,
  ...rbacBreaches,
  ...reliabilityBreaches,
  ...secretsBreaches,
  ...storesBreaches,
  ...supplyChainBreaches,
  ...versionsBreaches,
];

/** Every difference from the baseline that a rule may not mind. */
export const sound: readonly Sound[] = [
  ...backupsSound,
  ...digitaloceanSound,
  ...identitySound,
  ...kubernetesSound,
  ...networkSound,
  ...rbacSound,
  ...reliabilitySound,
  ...secretsSound,
  ...supplyChainSound,
  ...versionsSound,
];
