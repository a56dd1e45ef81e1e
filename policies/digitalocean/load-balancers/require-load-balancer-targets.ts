import type { LoadBalancerArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { isGiven } from "../links.ts";

export const requireLoadBalancerTargets = resourceRule<LoadBalancerArgs>({
  name: "require-load-balancer-targets",
  description:
    "Something stands behind a load balancer: one without is paid for, and holds an address and a certificate for nobody.",
  remedy: "give it `dropletTag`, `dropletIds` or, a global one, `targetLoadBalancerIds`; or take it out",
  severity: "low",
  references: [{ framework: "ScoutSuite", id: "networking-load-balancer-without-droplet" }],
  types: ["digitalocean:index/loadBalancer:LoadBalancer"],
  check: (balancer, report) => {
    const named = [balancer.dropletIds ?? [], balancer.targetLoadBalancerIds ?? []].flat().length;
    // That a tag or an origin is named can be seen before its own name can.
    if (named === 0 && !isGiven(balancer, "dropletTag") && !isGiven(balancer.glbSettings, "cdn"))
      report("nothing stands behind it", "dropletTag");
  },
});
