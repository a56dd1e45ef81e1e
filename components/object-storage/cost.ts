import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { billing, type Pricing } from "../cost/bill.ts";

const { usd, pricedOn } = prices.spacesSubscription;
const subscription = { count: 1, unit: "Spaces subscription", usd, pricedOn, account: { atMost: 1 } };

/** What buckets cost: one subscription for all of an account's. */
export const bucketPricing: Pricing = {
  "digitalocean:index/spacesBucket:SpacesBucket": billing(z.object({}), () => ({
    items: [subscription],
    notPriced: [
      `what all buckets hold beyond 250 GiB, older versions included: ${prices.spacesStorage.usd} $ a GiB`,
      `what is read from them beyond 1 TiB: ${prices.outboundTransfer.usd} $ a GiB`,
    ],
  })),
};
