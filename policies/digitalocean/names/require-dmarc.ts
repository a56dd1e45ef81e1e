import { stackRule } from "../../rule.ts";
import { textsOf, zonesOf } from "./zone.ts";

export const requireDmarc = stackRule({
  name: "require-dmarc",
  description:
    "A domain says what becomes of mail that forges it: without that, those who take it in deliver it.",
  remedy:
    'add `new DnsRecord("dmarc", { domain: domain.name, type: "TXT", name: "_dmarc", value: "v=DMARC1; p=reject" })`',
  severity: "medium",
  references: [
    { framework: "ScoutSuite", id: "networking-domains-missing-dmarc" },
    { framework: "ISO 27001", id: "A.5.14" },
  ],
  check: (resources, report) => {
    for (const zone of zonesOf(resources)) {
      const said = textsOf(zone, "_dmarc").filter((text) => /^v=DMARC1\b/i.test(text));
      if (said.length === 0)
        report(zone.domain.urn, "no TXT record `_dmarc` says what becomes of forged mail");
      else if (!said.some((text) => /;\s*p\s*=\s*(?:reject|quarantine)\b/i.test(text)))
        report(zone.domain.urn, "its DMARC record lets forged mail pass (p=none)");
    }
  },
});
