import type { DnsRecordArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

/** Seconds for which others may keep what a record said. */
const longest = 3_600;

export const requireShortTtl = resourceRule<Pick<DnsRecordArgs, "ttl">>({
  name: "require-short-ttl",
  description:
    "Names lead elsewhere within an hour: for as long as a record is kept, users go on being led to what is lost or attacked. Advice, because some records never change.",
  remedy: `set \`ttl\` to at most ${longest} seconds`,
  severity: "low",
  level: "advisory",
  references: [{ framework: "ScoutSuite", id: "networking-domains-high-ttl" }],
  types: ["digitalocean:index/dnsRecord:DnsRecord"],
  check: ({ ttl }, report) => {
    if (ttl !== undefined && ttl > longest) report(`it is kept for ${ttl} seconds`, "ttl");
  },
});
