import type { core } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";

const prefix = "service.beta.kubernetes.io/do-loadbalancer-";

export const requireEncryptedEdge = resourceRule<core.v1.ServiceArgs>({
  name: "require-encrypted-edge",
  description: "A load balancer of the cluster ends TLS with a certificate and redirects plain HTTP.",
  remedy: `annotate the Service: \`${prefix}tls-ports: "443"\`, \`${prefix}certificate-name\`, \`${prefix}redirect-http-to-https: "true"\``,
  severity: "high",
  references: [{ framework: "Trivy", id: "DIG-0002" }],
  types: ["kubernetes:core/v1:Service"],
  check: ({ metadata, spec }, report) => {
    if (spec?.type !== "LoadBalancer") return;
    const annotations = metadata?.annotations ?? {};
    // Presence is enough for the certificate, which may be made in the same change.
    const certified = [`${prefix}certificate-name`, `${prefix}certificate-id`, `${prefix}tls-passthrough`];
    if (!certified.some((name) => name in annotations))
      report("no certificate is named", "metadata.annotations");
    if (
      annotations[`${prefix}redirect-http-to-https`] !== "true" &&
      (spec.ports ?? []).some(({ port }) => port === 80)
    ) {
      report("plain HTTP is served", "metadata.annotations");
    }
  },
});
