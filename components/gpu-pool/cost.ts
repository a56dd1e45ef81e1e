import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { dropletSizes } from "../../catalog/sizes.ts";
import { billing, count, type Pricing, sizeBill } from "../cost/bill.ts";

/** What droplets cost: their size, and a share of it for backups. */
export const dropletPricing: Pricing = {
  "digitalocean:index/droplet:Droplet": billing(
    z.object({
      size: z.string(),
      backups: z.boolean().default(false),
      backupPolicy: z.object({ plan: z.enum(["daily", "weekly"]) }).default({ plan: "weekly" }),
    }),
    ({ size, backups, backupPolicy: { plan } }) => {
      const bill = sizeBill(1, size, dropletSizes);
      const [droplet] = bill.items;
      if (!backups || droplet === undefined) return bill;
      const { usd, pricedOn } = plan === "daily" ? prices.dropletBackupsDaily : prices.dropletBackupsWeekly;
      const backup = {
        count: usd,
        unit: `the droplet's price for ${plan} backups`,
        usd: droplet.usd,
        pricedOn,
      };
      return { items: [droplet, backup] };
    },
  ),
  "digitalocean:index/dropletAutoscale:DropletAutoscale": billing(
    z.object({
      config: z.object({
        targetNumberInstances: count.optional(),
        minInstances: count.optional(),
        maxInstances: count.optional(),
      }),
      dropletTemplate: z.object({ size: z.string() }),
    }),
    ({ config, dropletTemplate: { size } }) => {
      const { targetNumberInstances = 1, minInstances, maxInstances } = config;
      if (minInstances !== undefined && maxInstances !== undefined) {
        return sizeBill({ minimum: minInstances, maximum: maxInstances }, size, dropletSizes);
      }
      const bill = sizeBill(targetNumberInstances, size, dropletSizes);
      const more = `droplets that are added to these ${targetNumberInstances}, up to the ceiling and the budget of whoever adds them`;
      return { ...bill, notPriced: [...(bill.notPriced ?? []), more] };
    },
  ),
};
