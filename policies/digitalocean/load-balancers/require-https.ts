import type { LoadBalancerArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

const encrypted = ["https", "http2", "http3"];

export const requireHttps = resourceRule<LoadBalancerArgs>({
  name: "require-https",
  description: "A load balancer takes encrypted traffic: plain HTTP is redirected, never served.",
  remedy: 'set `entryProtocol: "https"` with a `certificateName`, or `redirectHttpToHttps: true`',
  severity: "high",
  references: [
    { framework: "Trivy", id: "DIG-0002" },
    { framework: "ScoutSuite", id: "networking-load-balancer-ssl-redirect-disabled" },
    { framework: "SOC 2", id: "CC6.7" },
    { framework: "GDPR", id: "Article 32" },
  ],
  types: ["digitalocean:index/loadBalancer:LoadBalancer"],
  check: (balancer, report) => {
    for (const [index, rule] of (balancer.forwardingRules ?? []).entries()) {
      if (encrypted.includes(rule.entryProtocol) || rule.tlsPassthrough === true) continue;
      if (rule.entryProtocol === "http" && balancer.redirectHttpToHttps === true) continue;
      report(`${rule.entryProtocol} comes in unencrypted`, `forwardingRules[${index}].entryProtocol`);
    }
  },
});
