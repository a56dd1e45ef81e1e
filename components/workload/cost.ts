import { z } from "zod";
import { prices } from "../../catalog/prices.ts";
import { type Bill, type BillItem, billing, count, type Pricing } from "../cost/bill.ts";
import { gib, quantity } from "../kubernetes-quantities.ts";

/** The annotation by which DigitalOcean's controller sizes the load balancer of a Service. */
const sizeUnit = "service.beta.kubernetes.io/do-loadbalancer-size-unit";

const storage = z
  .string()
  .refine((text) => quantity(text) !== undefined)
  .transform(gib);

/**
 * Label of a claim's template whose claims the program makes itself, so that they can grow and be protected: they are
 * billed by themselves.
 */
export const claimedApart = "whisper.platform/claimed-apart";

const claim = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
  spec: z.object({ resources: z.object({ requests: z.object({ storage }) }) }),
});

function volume({ spec }: z.infer<typeof claim>, volumes: number): BillItem {
  const { usd, pricedOn } = prices.volume;
  return { count: volumes * spec.resources.requests.storage, unit: "GiB of volume", usd, pricedOn };
}

function loadBalancerBill(nodes: number): Bill {
  const { usd, pricedOn } = prices.loadBalancerNode;
  return { items: [{ count: nodes, unit: "load balancer node", usd, pricedOn }] };
}

/**
 * What Kubernetes objects cost beyond the nodes they run on: volumes, and load balancers that DigitalOcean's
 * controllers make for them.
 */
export const workloadPricing: Pricing = {
  "kubernetes:core/v1:PersistentVolumeClaim": billing(claim, (inputs) => ({ items: [volume(inputs, 1)] })),
  "kubernetes:apps/v1:StatefulSet": billing(
    z.object({
      spec: z.object({ replicas: count.default(1), volumeClaimTemplates: z.array(claim).default([]) }),
    }),
    ({ spec: { replicas, volumeClaimTemplates } }) => ({
      items: volumeClaimTemplates
        .filter(({ metadata }) => metadata.labels[claimedApart] === undefined)
        .map((template) => volume(template, replicas)),
    }),
  ),
  "kubernetes:core/v1:Service": billing(
    z.object({
      metadata: z.object({ annotations: z.object({ [sizeUnit]: count.optional() }).default({}) }),
      spec: z.object({ type: z.string().default("ClusterIP") }),
    }),
    ({ metadata, spec }) =>
      spec.type === "LoadBalancer" ? loadBalancerBill(metadata.annotations[sizeUnit] ?? 1) : { items: [] },
  ),
};
