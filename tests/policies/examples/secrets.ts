import type { Breach } from "./breach.ts";

/** Texts that are what must not be seen. Put together here, so that no scanner takes this file for a leak. */
export const credentials = {
  token: `dop_v1_${"0123456789abcdef".repeat(4)}`,
  webhook: `https://hooks.slack.com/${"services"}/T00000000/B00000000/${"x1".repeat(12)}`,
  key: `-----BEGIN OPENSSH ${"PRIVATE KEY"}-----`,
  uri: `postgres://whisper:${"hunter2"}@db.example.com/whisper`,
};

/** Breaches of the rules in `policies/secrets/`. */
export const secretsBreaches: readonly Breach[] = [
  ["refuse-plain-app-secrets", "app", "spec.envs.0.type", "GENERAL"],
  ["refuse-plain-app-secrets", "app", "spec.services.0.envs.0", { key: "DB_PASSWORD", value: "a" }],
  ["refuse-plain-credentials", "network", "description", `for ${credentials.token}`],
  ["refuse-plain-credentials", "media", "settings", { hooks: [credentials.webhook] }],
  ["refuse-plain-credentials", "certificate", "privateKey", credentials.key],
];
