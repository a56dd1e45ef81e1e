import * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import type { PostgresConnection } from "../joints.ts";
import { monitoringSchema } from "../postgres/privileges.ts";
import { type ExporterProgram, secretsFolder } from "./exporter.ts";
import { exporterPorts } from "./traffic.ts";

/** Databases that are the service's own, which nobody else may look into. */
const foreignDatabases = ["template0", "template1", "_dodb"];

/**
 * The exporter of a PostgreSQL, as a user who sees figures and nobody's statements or rows.
 *
 * @param instance What its series are told by.
 */
export function postgresExporter(instance: string, connection: PostgresConnection): ExporterProgram {
  const { host, port, database, user, password, caCertificate } = connection;
  const parameters = new URLSearchParams({
    sslmode: "verify-full",
    sslrootcert: `${secretsFolder}/ca.crt`,
    // What is not the user's to see of others is asked of views that show a part of it.
    search_path: `${monitoringSchema},pg_catalog`,
    application_name: "postgres-exporter",
  });
  return {
    component: "postgres-exporter",
    image: containerImages.postgresExporter,
    port: exporterPorts.postgres,
    health: "/",
    instance,
    arguments: [
      `--web.listen-address=:${exporterPorts.postgres}`,
      `--exclude-databases=${foreignDatabases.join(",")}`,
      // Each replica would need an account with a slot of its own, and the log of the WAL is not to be listed.
      "--no-collector.replication_slot",
      "--no-collector.wal",
    ],
    environment: {
      DATA_SOURCE_URI: pulumi.interpolate`${host}:${port}/${database}?${parameters.toString()}`,
      DATA_SOURCE_USER: user,
      DATA_SOURCE_PASS_FILE: `${secretsFolder}/password`,
    },
    secrets: { password, "ca.crt": caCertificate },
  };
}
