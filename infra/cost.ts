import { freeTypes, prices } from "../catalog/prices.ts";
import type { BillItem, Span } from "../components/cost/bill.ts";
import { pricing } from "../components/cost/pricing.ts";

/** A resource as the program asks for it. */
export interface AskedResource {
  readonly name: string;
  /** Pulumi's type token. */
  readonly type: string;
  /** Name of the component it is part of; absent directly under the stack. */
  readonly component?: string;
  readonly inputs: unknown;
}

/** One position of the bill, e.g. `3 x db-s-4vcpu-8gb x 121.95 $ = 365.85 $`. */
export interface CostLine {
  readonly resource: string;
  readonly type: string;
  readonly count: Span;
  readonly unit: string;
  /** US dollars a month for one. */
  readonly unitUsd: number;
  readonly usd: Span;
  readonly pricedOn: string;
  /** Why it is not paid for, though it has a price. */
  readonly waived?: string;
}

/** What the resources of one component cost. */
export interface ComponentCost {
  readonly component: string;
  readonly usd: Span;
  readonly lines: readonly CostLine[];
}

/** What an environment costs a month in US dollars, before taxes, while nothing is idle and nothing overflows. */
export interface EnvironmentCost {
  readonly total: Span;
  /** The dearest first. */
  readonly components: readonly ComponentCost[];
  /** What is not in the total, and of which resources that is said; of none when of the environment. */
  readonly notPriced: readonly { readonly what: string; readonly resources: readonly string[] }[];
  /** The days on which the prices were read, the oldest first. */
  readonly pricedOn: readonly string[];
}

/** Makes the bill of all that an environment asks for. What nobody knows the price of is named, never left out. */
export function environmentCost(asked: readonly AskedResource[]): EnvironmentCost {
  const resources = [...asked].sort((a, b) => (a.name < b.name ? -1 : 1));
  const account = new Account();
  const byComponent = new Map<string, CostLine[]>();
  const notPriced = new Map<string, string[]>();
  for (const resource of resources) {
    const bill = billOf(resource);
    const lines = bill.items.map((item) => account.line(resource, item));
    const component = resource.component ?? resource.name;
    if (lines.length > 0) byComponent.set(component, [...(byComponent.get(component) ?? []), ...lines]);
    for (const what of bill.notPriced ?? [])
      notPriced.set(what, [...(notPriced.get(what) ?? []), resource.name]);
  }
  const components = [...byComponent].map(([component, lines]) => ({ component, usd: sum(lines), lines }));
  return {
    total: sum(components),
    components: components.sort(
      (a, b) => b.usd.maximum - a.usd.maximum || (a.component < b.component ? -1 : 1),
    ),
    notPriced: [
      ...[...notPriced].map(([what, names]) => ({ what, resources: names })),
      ...neverPriced.map((what) => ({ what, resources: [] })),
    ],
    pricedOn: [...new Set(components.flatMap(({ lines }) => lines.map((line) => line.pricedOn)))].sort(),
  };
}

const neverPriced = [
  `traffic to the internet beyond what droplets and nodes include: ${prices.outboundTransfer.usd} $ a GiB`,
  `snapshots: ${prices.snapshot.usd} $ a GiB`,
  "what was made by hand",
  "taxes, credits and discounts of the account",
];

function billOf({ type, inputs }: AskedResource) {
  const price = pricing[type];
  if (price !== undefined) return price(inputs);
  const isBillable = type.startsWith("digitalocean:") && !freeTypes.includes(type);
  return { items: [], notPriced: isBillable ? [`everything, as nobody has said what a ${type} costs`] : [] };
}

/** Counts what an account pays for as a whole. */
class Account {
  /** Of each such unit, the resource that was the first to need it, and how many there have been. */
  readonly #seen = new Map<string, { readonly first: string; count: number }>();

  line({ name, type }: AskedResource, { account, ...item }: BillItem): CostLine {
    const line = lineOf(name, type, item);
    if (account === undefined) return line;
    const { free = 0, atMost = Number.POSITIVE_INFINITY } = account;
    const seen = this.#seen.get(item.unit) ?? { first: name, count: 0 };
    this.#seen.set(item.unit, seen);
    seen.count += 1;
    if (seen.count > free && seen.count <= free + atMost) return line;
    const waived =
      seen.count <= free
        ? `an account has ${free} for nothing`
        : `an account pays for ${atMost}, counted with ${seen.first}`;
    return { ...line, usd: { minimum: 0, maximum: 0 }, waived };
  }
}

function lineOf(resource: string, type: string, { count, unit, usd, pricedOn }: BillItem): CostLine {
  const span = typeof count === "number" ? { minimum: count, maximum: count } : count;
  return {
    resource,
    type,
    count: span,
    unit,
    unitUsd: usd,
    usd: { minimum: cents(span.minimum * usd), maximum: cents(span.maximum * usd) },
    pricedOn,
  };
}

const sum = (parts: readonly { readonly usd: Span }[]): Span => ({
  minimum: cents(parts.reduce((total, { usd }) => total + usd.minimum, 0)),
  maximum: cents(parts.reduce((total, { usd }) => total + usd.maximum, 0)),
});

const cents = (usd: number): number => Math.round(usd * 100) / 100;
