import type { core } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";

const prefix = "service.beta.kubernetes.io/do-loadbalancer-";
const httpsPort = 443;
const encrypted = ["https", "http2", "http3"];

export const requireEncryptedEdge = resourceRule<core.v1.ServiceArgs>({
  name: "require-encrypted-edge",
  description: "A load balancer of the cluster ends TLS with a certificate and redirects plain HTTP.",
  remedy: `annotate the Service: \`${prefix}type: REGIONAL\`, \`${prefix}tls-ports: "443"\`, \`${prefix}certificate-name\`, \`${prefix}http-ports: "80"\`, \`${prefix}redirect-http-to-https: "true"\``,
  severity: "high",
  references: [{ framework: "Trivy", id: "DIG-0002" }],
  types: ["kubernetes:core/v1:Service"],
  check: ({ metadata, spec }, report) => {
    if (spec?.type !== "LoadBalancer") return;
    const annotations = metadata?.annotations ?? {};
    const path = "metadata.annotations";
    if (annotations[`${prefix}type`] !== "REGIONAL")
      report("it passes packets on as they come: only the type REGIONAL ends TLS", path);
    // Presence is enough for the certificate, which may be made in the same change.
    const certified = `${prefix}certificate-name` in annotations || `${prefix}certificate-id` in annotations;
    if (!certified && annotations[`${prefix}tls-passthrough`] !== "true")
      report("no certificate is named", path);
    const redirects = annotations[`${prefix}redirect-http-to-https`] === "true";
    for (const { port } of spec.ports ?? []) {
      const protocol = protocolOf(port, annotations);
      if (encrypted.includes(protocol)) continue;
      // DigitalOcean sends HTTP on to HTTPS from this one port.
      if (port === 80 && protocol === "http" && redirects) continue;
      report(`port ${port} takes plain ${protocol}`, path);
    }
  },
});

/** The protocol a port has by the annotations, as DigitalOcean's controller reads them. */
function protocolOf(port: number, annotations: Readonly<Record<string, string>>): string {
  const listed = (name: string) =>
    (annotations[`${prefix}${name}`] ?? "").split(",").map(Number).includes(port);
  if (listed("http-ports")) return "http";
  if (listed("tls-ports")) return "https";
  if (listed("http2-ports")) return "http2";
  if (listed("http3-port")) return "http3";
  if (port === httpsPort && !annotations[`${prefix}tls-ports`]) return "https";
  return annotations[`${prefix}protocol`] ?? "tcp";
}
