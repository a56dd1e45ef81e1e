import { stringify } from "yaml";
import { containerImages } from "../../catalog/images.ts";
import { type ExporterProgram, settingsFolder } from "./exporter.ts";
import { exporterPorts } from "./traffic.ts";

const settingsFile = "blackbox.yml";

/** What a probe is asked for: one that goes well has got an answer as users get it. */
export const siteModule = "site";

/** One that goes well has found a certificate, whoever signed it: what is asked is when it ends. */
export const certificateModule = "certificate";

/**
 * Of the site: follows redirections, wants a certificate that browsers believe, and an answer of 200. IPv4 alone, as the nodes have
 * no other.
 */
const settings = stringify({
  modules: {
    [siteModule]: {
      prober: "http",
      timeout: "8s",
      http: {
        method: "GET",
        valid_status_codes: [200],
        fail_if_not_ssl: true,
        preferred_ip_protocol: "ip4",
        ip_protocol_fallback: false,
      },
    },
    [certificateModule]: {
      prober: "tcp",
      timeout: "8s",
      tcp: {
        tls: true,
        // The stack's own authority signed it, which is no business of who only looks at its end.
        tls_config: { insecure_skip_verify: true },
        preferred_ip_protocol: "ip4",
        ip_protocol_fallback: false,
      },
    },
  },
});

/** The exporter that asks what users ask, at the address that Prometheus names. */
export function blackboxExporter(): ExporterProgram {
  return {
    component: "blackbox-exporter",
    image: containerImages.blackboxExporter,
    port: exporterPorts.blackbox,
    health: "/-/healthy",
    arguments: [
      `--web.listen-address=:${exporterPorts.blackbox}`,
      `--config.file=${settingsFolder}/${settingsFile}`,
    ],
    settings: { [settingsFile]: settings },
    hasService: true,
  };
}
