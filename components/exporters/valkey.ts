import * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import type { ValkeyConnection } from "../joints.ts";
import { type ExporterProgram, secretsFolder } from "./exporter.ts";
import { exporterPorts } from "./traffic.ts";

/** A file of the exporter's Secret: the password, by the address that it is for. */
const passwordsFile = "passwords.json";

/**
 * The exporter of a Valkey. A managed cluster has one user, who may do everything, and whom a password alone means: the
 * exporter comes as that one.
 *
 * @param instance What its series are told by.
 * @param queues Lists of its first database, of each of which it tells how long it is. @example ["celery"]
 */
export function valkeyExporter(
  instance: string,
  { host, port, password }: ValkeyConnection,
  queues: readonly string[],
): ExporterProgram {
  const address = pulumi.interpolate`rediss://${host}:${port}`;
  const passwords = pulumi
    .all([address, password])
    .apply(([uri, secret]) => JSON.stringify({ [uri]: secret }));
  const keys = queues.map((queue) => `db0=${queue}`).join(",");
  return {
    component: "valkey-exporter",
    image: containerImages.redisExporter,
    port: exporterPorts.valkey,
    health: "/health",
    instance,
    arguments: [
      `--web.listen-address=:${exporterPorts.valkey}`,
      `--redis.password-file=${secretsFolder}/${passwordsFile}`,
      ...(keys === "" ? [] : [`--check-single-keys=${keys}`]),
    ],
    environment: { REDIS_ADDR: address },
    secrets: { [passwordsFile]: passwords },
  };
}
