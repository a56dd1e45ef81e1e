import { stackRule } from "../../rule.ts";
import { hasMail, zonesOf } from "./zone.ts";

export const requireDkim = stackRule({
  name: "require-dkim",
  description:
    "A domain that sends mail publishes the key by which it is signed: without it, mail that was forwarded or changed cannot be told from the real one.",
  remedy:
    'publish what the mail provider gives you: `new DnsRecord("dkim", { domain: domain.name, type: "CNAME", name: "s1._domainkey", value: "..." })`',
  severity: "medium",
  references: [
    { framework: "ScoutSuite", id: "networking-domains-missing-dkim" },
    { framework: "ISO 27001", id: "A.5.14" },
  ],
  check: (resources, report) => {
    for (const zone of zonesOf(resources)) {
      if (hasMail(zone) && !zone.records.some(({ props }) => /\._domainkey(?:\.|$)/.test(String(props.name))))
        report(zone.domain.urn, "it has mail, and no record `<selector>._domainkey`");
    }
  },
});
