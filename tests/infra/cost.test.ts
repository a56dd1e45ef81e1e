import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseSizes, dropletSizes } from "../../catalog/sizes.ts";
import type { Span } from "../../components/cost/bill.ts";
import { type AskedResource, environmentCost } from "../../infra/cost.ts";
import { type DesiredResource, environments } from "../golden/desired-state.ts";
import { goldenFile } from "../golden/file.ts";

const desired = (environment: string): DesiredResource[] =>
  JSON.parse(readFileSync(goldenFile(environment), "utf8"));

const asked = (environment: string): AskedResource[] =>
  desired(environment).map(({ name, type, parent, inputs }) => ({
    name,
    type,
    inputs,
    ...(parent !== undefined && { component: parent }),
  }));

const resource = (type: string, inputs: unknown, name = type): AskedResource => ({
  name,
  type: `digitalocean:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  inputs,
});

const total = (...resources: AskedResource[]) => environmentCost(resources).total;
const exactly = (usd: number): Span => ({ minimum: usd, maximum: usd });

describe.each(environments)("what %s costs", (environment) => {
  it("is known of every resource it asks for", () => {
    const unknown = environmentCost(asked(environment)).notPriced.filter(({ what }) =>
      what.startsWith("everything"),
    );
    expect(
      unknown,
      "give the type a cost.ts beside its component, or a line in freeTypes of catalog/prices.ts",
    ).toEqual([]);
  });

  it("is what each component's doc comment says, with arithmetic that is right", () => {
    const classes = new Map(
      desired(environment).flatMap(({ name, type }) =>
        type.startsWith("whisper:") ? [[name, type.split(":").at(-1) ?? ""] as const] : [],
      ),
    );
    const computed = new Map<string, Span>();
    for (const { component, usd } of environmentCost(asked(environment)).components) {
      const className = classes.get(component) ?? component;
      const before = computed.get(className) ?? exactly(0);
      computed.set(className, {
        minimum: before.minimum + usd.minimum,
        maximum: before.maximum + usd.maximum,
      });
    }
    expect(documentedCosts(environment)).toEqual(Object.fromEntries(computed));
  });
});

/** The sums that doc comments state for an environment, by class, each held against the terms before it. */
function documentedCosts(environment: string): Record<string, Span> {
  const folder = new URL("../../components/", import.meta.url);
  const word = environment.charAt(0).toUpperCase() + environment.slice(1);
  const costs: Record<string, Span> = {};
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const source = readFileSync(new URL(file, folder), "utf8");
    for (const [, doc = "", className = ""] of source.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport class (\w+)/g,
    )) {
      const text = doc.replaceAll(/\n \* ?/g, " ");
      const [, terms, sum] = new RegExp(`${word}: ([^=]+) = ([\\d. to]+) \\$ a month`).exec(text) ?? [];
      if (terms === undefined || sum === undefined) continue;
      costs[className] = span(sum);
      expect(worth(terms), `${className} in ${environment}`).toEqual(costs[className]);
    }
  }
  return costs;
}

function span(text: string): Span {
  const [minimum = Number.NaN, maximum = minimum] = text.split(" to ").map(Number);
  return { minimum, maximum };
}

/** The value of `2 x 12 + 3 to 8 x 126`. */
function worth(terms: string): Span {
  const values = terms.split(" + ").map((term) => term.split(" x ").map(span));
  const end = (which: keyof Span) =>
    Math.round(
      100 *
        values.reduce(
          (sum, factors) => sum + factors.reduce((product, factor) => product * factor[which], 1),
          0,
        ),
    ) / 100;
  return { minimum: end("minimum"), maximum: end("maximum") };
}

describe("the bill of an environment", () => {
  it("counts nodes, standbys and the disk beyond what a size includes", () => {
    // 2 x 121.95 + 2 x 10 x 0.215
    const cluster = { size: "db-s-4vcpu-8gb", nodeCount: 2, storageSizeMib: String(150 * 1024) };
    expect(total(resource("DatabaseCluster", cluster))).toEqual(exactly(248.2));
  });

  it("says what a disk that grows will cost", () => {
    const cluster = { size: "db-s-4vcpu-8gb", nodeCount: 1, storageAutoscale: { enabled: true } };
    expect(environmentCost([resource("DatabaseCluster", cluster)]).notPriced[0]?.what).toBe(
      "disk that is added as it fills: 0.215 $ a GiB and node",
    );
  });

  it("is a range where an autoscaler decides", () => {
    const pool = { size: "c-4", autoScale: true, minNodes: 1, maxNodes: 6 };
    expect(total(resource("KubernetesNodePool", pool))).toEqual({ minimum: 84, maximum: 504 });
  });

  it("takes what an account pays for once, and what it has for nothing, as that", () => {
    const buckets = ["a", "b", "c"].map((name) => resource("SpacesBucket", {}, name));
    const checks = ["a", "b", "c"].map((name) => resource("UptimeCheck", {}, name));
    expect(total(...buckets)).toEqual(exactly(5));
    expect(total(...checks)).toEqual(exactly(2));
    expect(
      environmentCost(buckets).components.flatMap(({ lines }) => lines.map(({ waived }) => waived)),
    ).toEqual([undefined, "an account pays for 1, counted with a", "an account pays for 1, counted with a"]);
  });

  it("adds a share of a droplet's price for its backups", () => {
    const droplet = { size: "s-4vcpu-8gb", backups: true, backupPolicy: { plan: "daily" } };
    expect(total(resource("Droplet", droplet))).toEqual(exactly(48 + 0.3 * 48));
  });

  it.each([
    ["a size the catalogue lacks", "Droplet", { size: "s-99vcpu" }, /does not have the size s-99vcpu/],
    ["a size that is not known yet", "DatabaseReplica", {}, /size cannot be known yet/],
    ["a type without a price", "App", {}, /nobody has said what a digitalocean:index\/app:App costs/],
  ])("names %s as not priced", (_, type, inputs, what) => {
    const cost = environmentCost([resource(type, inputs, "thing")]);
    expect(cost.total).toEqual(exactly(0));
    expect(cost.notPriced[0]).toEqual({ what: expect.stringMatching(what), resources: ["thing"] });
  });

  it("adds up from its parts, whatever there is and in whatever order", () => {
    const droplet = fc
      .constantFrom(...dropletSizes)
      .map(({ slug: size }) => ({ type: "Droplet", inputs: { size } }));
    const database = fc
      .record({
        size: fc.constantFrom(...databaseSizes.map(({ slug }) => slug)),
        nodeCount: fc.integer({ min: 1, max: 3 }),
      })
      .map((inputs) => ({ type: "DatabaseCluster", inputs }));
    const bucket = fc.constant({ type: "SpacesBucket", inputs: {} });
    fc.assert(
      fc.property(fc.array(fc.oneof(droplet, database, bucket), { maxLength: 20 }), (kinds) => {
        const resources = kinds.map(({ type, inputs }, index) => resource(type, inputs, `r${index}`));
        const cost = environmentCost(resources);
        const sum = cost.components.reduce((usd, component) => usd + component.usd.minimum, 0);
        expect(cost.total.minimum).toBeCloseTo(sum, 2);
        expect(environmentCost(resources.toReversed())).toEqual(cost);
      }),
    );
  });
});
