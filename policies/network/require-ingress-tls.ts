import type { networking } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";
import { isIngress } from "./ingress.ts";

export const requireIngressTls = resourceRule<networking.v1.IngressArgs>({
  name: "require-ingress-tls",
  description:
    "An ingress answers for named hosts, each under a certificate: without one what people send is read on the way, and with a star it takes over hosts of others.",
  remedy: "add `tls: [{ hosts: [...], secretName }]` for every host of `rules`",
  severity: "high",
  references: [
    { framework: "Kubescape", id: "C-0263" },
    { framework: "Gatekeeper library", id: "httpsonly" },
    { framework: "NSA/CISA", id: "Network separation and hardening" },
  ],
  types: isIngress,
  check: ({ metadata, spec }, report) => {
    const { tls = [], rules = [] } = spec ?? {};
    if (metadata?.annotations?.["kubernetes.io/ingress.allow-http"] === "true")
      report("plain HTTP is let in", 'metadata.annotations["kubernetes.io/ingress.allow-http"]');
    if (tls.length === 0) {
      report("it has no certificate", "spec.tls");
      return;
    }
    const covered = tls.flatMap(({ hosts = [] }) => hosts);
    for (const [index, { host }] of rules.entries()) {
      // Without hosts, a certificate is for whatever the rules name.
      if (host !== undefined && covered.length > 0 && !covered.some((name) => covers(name, host)))
        report(`no certificate is for ${host}`, `spec.rules[${index}].host`);
    }
  },
});

/** Whether a certificate for a name, which may begin with a star, is one for a host. */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1));
