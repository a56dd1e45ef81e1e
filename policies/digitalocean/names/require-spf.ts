import { stackRule } from "../../rule.ts";
import { spfOf, zonesOf } from "./zone.ts";

export const requireSpf = stackRule({
  name: "require-spf",
  description:
    "A domain says who sends its mail, and that nobody else does: without that, mail in its name comes from anybody.",
  remedy:
    'add `new DnsRecord("spf", { domain: domain.name, type: "TXT", name: "@", value: "v=spf1 -all" })`, with `include:` of who sends mail for it before `-all`',
  severity: "medium",
  references: [
    { framework: "ScoutSuite", id: "networking-domains-missing-spf" },
    { framework: "ScoutSuite", id: "networking-domains-spf-overly-permissive" },
    { framework: "ISO 27001", id: "A.5.14" },
  ],
  check: (resources, report) => {
    for (const zone of zonesOf(resources)) {
      const said = spfOf(zone);
      if (said.length === 0) report(zone.domain.urn, "no TXT record of it says who sends its mail (v=spf1)");
      if (said.length > 1) report(zone.domain.urn, "it has several SPF records, which count as none");
      for (const text of said) {
        if (!/(?:^|\s)(?:-all|redirect=\S+)\s*$/i.test(text))
          report(zone.domain.urn, `its SPF record does not end with -all, so others may send too: ${text}`);
      }
    }
  },
});
