import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { billing, type Pricing } from "../cost/bill.ts";

const { usd, pricedOn } = prices.uptimeCheck;

/** What DigitalOcean's watching costs: uptime checks, of which an account has one for nothing. */
export const alertingPricing: Pricing = {
  "digitalocean:index/uptimeCheck:UptimeCheck": billing(z.object({}), () => ({
    items: [{ count: 1, unit: "uptime check", usd, pricedOn, account: { free: 1 } }],
  })),
};
