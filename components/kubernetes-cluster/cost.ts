import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { dropletSizes } from "../../catalog/sizes.ts";
import { type Bill, billing, count, type Pricing, sizeBill } from "../cost/bill.ts";

/** Nodes of a pool, as the cluster and a pool of its own both write them. */
const pool = z.object({
  size: z.string(),
  autoScale: z.boolean().default(false),
  nodeCount: count.optional(),
  minNodes: count.optional(),
  maxNodes: count.optional(),
});

function poolBill({ size, autoScale, nodeCount = 1, minNodes, maxNodes }: z.infer<typeof pool>): Bill {
  const nodes = autoScale ? { minimum: minNodes ?? nodeCount, maximum: maxNodes ?? nodeCount } : nodeCount;
  return sizeBill(nodes, size, dropletSizes);
}

const { usd, pricedOn } = prices.kubernetesHighAvailability;
const replicated = { count: 1, unit: "replicated control plane", usd, pricedOn };

/** What a Kubernetes cluster costs: its nodes, and a replicated control plane; a single one is free. */
export const clusterPricing: Pricing = {
  "digitalocean:index/kubernetesCluster:KubernetesCluster": billing(
    z.object({ ha: z.boolean().default(false), nodePool: pool }),
    ({ ha, nodePool }) => {
      const seat = poolBill(nodePool);
      return ha ? { ...seat, items: [replicated, ...seat.items] } : seat;
    },
  ),
  "digitalocean:index/kubernetesNodePool:KubernetesNodePool": billing(pool, poolBill),
};
