import type { DatabaseFirewallArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { isEverybody } from "../addresses.ts";

export const refuseOpenTrustedSources = resourceRule<DatabaseFirewallArgs>({
  name: "refuse-open-trusted-sources",
  description: "A database's trusted sources are named: a list that holds everybody is no list.",
  remedy: "use a rule of type `k8s`, `droplet`, `tag` or `app`, or the addresses of the offices that need it",
  severity: "critical",
  references: [
    { framework: "CIS DigitalOcean", id: "Databases: trusted sources" },
    { framework: "ScoutSuite", id: "database-databases-postgres-trusted-sources" },
  ],
  types: ["digitalocean:index/databaseFirewall:DatabaseFirewall"],
  check: (firewall, report) => {
    if (firewall.rules.length === 0) report("the list is empty, which lets everybody in", "rules");
    for (const [index, rule] of firewall.rules.entries()) {
      // Only addresses are read: the ids that other types name may not exist yet.
      if (rule.type === "ip_addr" && isEverybody(rule.value))
        report(`it lets ${rule.value} in`, `rules[${index}]`);
    }
  },
});
