import { z } from "zod";
import { registryTiers } from "../../catalog/prices.ts";
import { billing, type Pricing } from "../cost/bill.ts";

const tiers = ["starter", "basic", "professional"] as const satisfies readonly (keyof typeof registryTiers)[];

/** What registries cost: one plan for all of an account's. */
export const registryPricing: Pricing = {
  "digitalocean:index/containerRegistries:ContainerRegistries": billing(
    z.object({ subscriptionTierSlug: z.enum(tiers) }),
    ({ subscriptionTierSlug: tier }) => {
      const { usd, pricedOn } = registryTiers[tier].price;
      return {
        items: [{ count: 1, unit: `registry plan ${tier}`, usd, pricedOn, account: { atMost: 1 } }],
        notPriced: [`images beyond the ${registryTiers[tier].storageGib} GiB of the plan ${tier}`],
      };
    },
  ),
};
