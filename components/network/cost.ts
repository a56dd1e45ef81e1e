import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { billing, count, type Pricing } from "../cost/bill.ts";

const { usd, pricedOn } = prices.natGateway;

/** What a network costs: its NAT gateway. */
export const networkPricing: Pricing = {
  "digitalocean:index/vpcNatGateway:VpcNatGateway": billing(z.object({ size: count }), ({ size }) => ({
    items: [{ count: size, unit: "NAT gateway unit", usd, pricedOn }],
    notPriced: [`traffic beyond 100 GiB: ${prices.outboundTransfer.usd} $ a GiB`],
  })),
};
