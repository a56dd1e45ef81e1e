import { unknown } from "../harness.ts";
import { type Breach, container, type Sound } from "./breach.ts";

/** Texts that are what must not be seen. Put together here, so that no scanner takes this file for a leak. */
export const credentials = {
  token: `dop_v1_${"0123456789abcdef".repeat(4)}`,
  webhook: `https://hooks.slack.com/${"services"}/T00000000/B00000000/${"x1".repeat(12)}`,
  key: `-----BEGIN OPENSSH ${"PRIVATE KEY"}-----`,
  uri: `postgres://whisper:${"hunter2"}@db.example.com/whisper`,
};

/** Where the CronJob of the baseline has its container. */
const task = "spec.jobTemplate.spec.template.spec.containers.0";

/** Breaches of the rules in `policies/secrets/`. */
export const secretsBreaches: readonly Breach[] = [
  ["refuse-plain-app-secrets", "app", "spec.envs.0.type", "GENERAL"],
  ["refuse-plain-app-secrets", "app", "spec.services.0.envs.0", { key: "DB_PASSWORD", value: "a" }],
  ["refuse-plain-credentials", "network", "description", `for ${credentials.token}`],
  ["refuse-plain-credentials", "media", "settings", { hooks: [credentials.webhook] }],
  ["refuse-plain-credentials", "certificate", "privateKey", credentials.key],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "PASSWORD", value: "hunter2" }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "DATABASE_URL", value: unknown }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "S3_ACCESS_KEY_ID", value: "a" }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "SETTINGS", value: credentials.key }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "BROKER", value: credentials.uri }],
  ["refuse-secrets-in-arguments", "deployment", `${container}.args`, ["--password=hunter2"]],
  ["refuse-secrets-in-arguments", "deployment", `${container}.args`, ["--db-password", "hunter2"]],
  [
    "refuse-secrets-in-arguments",
    "deployment",
    `${container}.command`,
    ["sh", "-c", "API_KEY=hunter2 serve"],
  ],
  ["refuse-secrets-in-arguments", "cronJob", `${task}.args`, [credentials.uri]],
  ["refuse-secrets-in-config-maps", "configMap", "data", { password: "hunter2" }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { "db.password": "a" }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { DATABASE_PASSWORD: unknown }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { "app.ini": "[database]\npassword = hunter2\n" }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { "app.yaml": 'clientSecret: "hunter22"' }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { id_rsa: credentials.key }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { start: `exec serve ${credentials.uri}` }],
  [
    "require-secret-files",
    "deployment",
    `${container}.env.0`,
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } },
  ],
  ["require-secret-files", "deployment", `${container}.envFrom`, [{ secretRef: { name: "database" } }]],
];

/** What those rules may not mind. */
export const secretsSound: readonly Sound[] = [
  [
    "refuse-plain-secrets",
    "deployment",
    `${container}.env.0`,
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } },
  ],
  [
    "refuse-plain-secrets",
    "deployment",
    `${container}.env.0`,
    { name: "DATABASE_URL", value: "postgres://$(USER):$(PASSWORD)@db/whisper" },
  ],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "PLACE", value: unknown }],
  ["refuse-secrets-in-arguments", "deployment", `${container}.args`, ["--password", "--verbose"]],
  ["refuse-secrets-in-arguments", "deployment", `${container}.args`, ["--password=$(PASSWORD)"]],
  ["refuse-secrets-in-arguments", "deployment", `${container}.args`, ["--token-file", "/run/secrets/token"]],
  ["refuse-secrets-in-config-maps", "configMap", "data", { password_file: "/run/secrets/password" }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { "app.ini": "password = $PASSWORD" }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { "app.ini": "REDIS_PASSWORD=" }],
  ["refuse-secrets-in-config-maps", "configMap", "data", { other: unknown, SECRET_NAME: unknown }],
  ["require-secret-files", "deployment", `${container}.envFrom`, [{ configMapRef: { name: "settings" } }]],
];
