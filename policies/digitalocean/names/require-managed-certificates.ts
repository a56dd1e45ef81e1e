import type { CertificateArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireManagedCertificates = resourceRule<Pick<CertificateArgs, "type">>({
  name: "require-managed-certificates",
  description:
    "DigitalOcean renews the certificate: one that was brought along ends on a day that somebody has to remember. Advice, because a domain that others serve cannot have a renewed one.",
  remedy: 'set `type: "lets_encrypt"` and `domains`, for a domain that DigitalOcean serves',
  severity: "medium",
  level: "advisory",
  references: [{ framework: "SOC 2", id: "CC6.7" }],
  types: ["digitalocean:index/certificate:Certificate"],
  check: ({ type = "custom" }, report) => {
    if (type !== "lets_encrypt") report("nobody renews it", "type");
  },
});
