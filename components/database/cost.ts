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

const grown = `disk that is added as it fills: ${prices.databaseStorage.usd} $ a GiB and node`;

const server = { size: z.string(), storageSizeMib: count.optional() };

/** What managed databases cost: nodes and disks. */
export const databasePricing: Pricing = {
  "digitalocean:index/databaseCluster:DatabaseCluster": billing(
    z.object({
      ...server,
      nodeCount: count,
      storageAutoscale: z.object({ enabled: z.boolean() }).optional(),
    }),
    ({ size, nodeCount, storageSizeMib, storageAutoscale }) => {
      const bill = nodesBill(nodeCount, size, storageSizeMib);
      return storageAutoscale?.enabled ? { ...bill, notPriced: [...(bill.notPriced ?? []), grown] } : bill;
    },
  ),
  "digitalocean:index/databaseReplica:DatabaseReplica": billing(
    z.object(server),
    ({ size, storageSizeMib }) => nodesBill(1, size, storageSizeMib),
  ),
};
