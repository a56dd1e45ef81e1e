import { containerImages } from "../../catalog/images.ts";
import type { ElasticsearchConnection } from "../joints.ts";
import { type ExporterProgram, settingsFolder } from "./exporter.ts";
import { exporterPorts } from "./traffic.ts";

/** A file of the exporter's settings: who signed the servers' certificates, which is no secret. */
const authorityFile = "ca.crt";

/**
 * The exporter of an Elasticsearch, as a user who sees how it is, and no line of a log. It takes a password from its
 * environment alone.
 *
 * @param instance What its series are told by.
 */
export function elasticsearchExporter(
  instance: string,
  { host, port, user, password, caCertificate }: ElasticsearchConnection,
): ExporterProgram {
  return {
    component: "elasticsearch-exporter",
    image: containerImages.elasticsearchExporter,
    port: exporterPorts.elasticsearch,
    health: "/healthz",
    instance,
    arguments: [
      `--web.listen-address=:${exporterPorts.elasticsearch}`,
      `--es.uri=https://${host}:${port}`,
      `--es.ca=${settingsFolder}/${authorityFile}`,
      // Of all nodes, and not of the one that answers.
      "--es.all",
      "--es.timeout=8s",
      "--collector.slm",
      "--collector.snapshots",
    ],
    environment: { ES_USERNAME: user },
    settings: { [authorityFile]: caCertificate },
    secrets: { ES_PASSWORD: password },
    secretsAs: "variables",
  };
}
