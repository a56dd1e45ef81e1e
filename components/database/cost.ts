import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { databaseSizes } from "../../catalog/sizes.ts";
import { type Bill, billing, count, type Pricing, sizeBill } from "../cost/bill.ts";

/** Nodes of one size, and the disk that each has beyond what its size includes. */
function nodesBill(nodes: number, slug: string, storageSizeMib: number | undefined): Bill {
  const bill = sizeBill(nodes, slug, databaseSizes);
  const included = databaseSizes.find((size) => size.slug === slug)?.diskGib ?? 0;
  const beyondGib = Math.max(0, (storageSizeMib ?? 0) / 1024 - included);
  if (bill.items.length === 0 || beyondGib === 0) return bill;
  const { usd, pricedOn } = prices.databaseStorage;
  return { items: [...bill.items, { count: nodes * beyondGib, unit: "GiB of further disk", usd, pricedOn }] };
}

const server = { size: z.string(), storageSizeMib: count.optional() };

/** What managed databases cost: nodes and disks. */
export const databasePricing: Pricing = {
  "digitalocean:index/databaseCluster:DatabaseCluster": billing(
    z.object({ ...server, nodeCount: count }),
    ({ size, nodeCount, storageSizeMib }) => nodesBill(nodeCount, size, storageSizeMib),
  ),
  "digitalocean:index/databaseReplica:DatabaseReplica": billing(
    z.object(server),
    ({ size, storageSizeMib }) => nodesBill(1, size, storageSizeMib),
  ),
};
