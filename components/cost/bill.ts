import { z } from "zod";

/** US dollars or counts: the same twice, or what autoscaling stays between. */
export interface Span {
  readonly minimum: number;
  readonly maximum: number;
}

/** One position of a resource's bill. */
export interface BillItem {
  /** How many are paid for; a span where an autoscaler decides. */
  readonly count: number | Span;
  /** What each is: a size's slug, or words. */
  readonly unit: string;
  /** US dollars a month for one. */
  readonly usd: number;
  /** The day the price was read (ISO 8601). */
  readonly pricedOn: string;
  /**
   * For what an account pays for as a whole: how many of the unit it has for nothing, and how many it pays for at most.
   * @default each is paid for
   */
  readonly account?: { readonly free?: number; readonly atMost?: number };
}

/** What one resource costs a month. */
export interface Bill {
  readonly items: readonly BillItem[];
  /** What it costs besides, that nobody can know beforehand: as whole words, with the price of a unit. */
  readonly notPriced?: readonly string[];
}

/** Bills of resources, by Pulumi's type, from what they ask of the cloud: components have a `cost.ts` with theirs. */
export type Pricing = Readonly<Record<string, (inputs: unknown) => Bill>>;

/**
 * A function that makes a bill from a resource's inputs, as the engine has them.
 *
 * @param schema What of the inputs the price depends on. Where that is not known yet, the bill says so.
 */
export function billing<T>(schema: z.ZodType<T>, bill: (inputs: T) => Bill): (inputs: unknown) => Bill {
  return (inputs) => {
    const read = schema.safeParse(inputs);
    if (read.success) return bill(read.data);
    const paths = [...new Set(read.error.issues.map(({ path }) => path.join(".")))];
    return { items: [], notPriced: [`everything, as ${paths.join(" and ")} cannot be known yet`] };
  };
}

/** A bill for so many of a size, or one that says that the catalogue lacks the size. */
export function sizeBill(
  count: BillItem["count"],
  slug: string,
  sizes: readonly { readonly slug: string; readonly monthlyUsd: number; readonly pricedOn: string }[],
): Bill {
  const size = sizes.find((known) => known.slug === slug);
  if (size === undefined) {
    return { items: [], notPriced: [`everything, as catalog/sizes.ts does not have the size ${slug}`] };
  }
  return { items: [{ count, unit: slug, usd: size.monthlyUsd, pricedOn: size.pricedOn }] };
}

/** A whole number among inputs, which some providers keep as text. */
export const count = z.coerce.number().int().nonnegative();
