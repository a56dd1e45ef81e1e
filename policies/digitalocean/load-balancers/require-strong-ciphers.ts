import { balancerRule } from "./balancer.ts";

export const requireStrongCiphers = balancerRule({
  name: "require-strong-ciphers",
  description:
    "A load balancer that ends TLS takes none but strong ciphers: its default keeps old ones, by which traffic that was recorded can be read later.",
  remedy:
    'set `tlsCipherPolicy: "STRONG"` (a Service: `service.beta.kubernetes.io/do-loadbalancer-tls-cipher-policy: STRONG`)',
  severity: "medium",
  references: [
    { framework: "SOC 2", id: "CC6.7" },
    { framework: "ISO 27001", id: "A.8.24" },
    { framework: "GDPR", id: "Article 32" },
  ],
  check: ({ endsTls, setting }, report) => {
    if (!endsTls) return;
    const { value, path } = setting("tlsCipherPolicy", "tls-cipher-policy");
    if (value !== "STRONG")
      report(`its ciphers are ${value === undefined ? "the default ones" : value}`, path);
  },
  mend: ({ set }) => set("tlsCipherPolicy", "tls-cipher-policy", "STRONG"),
});
