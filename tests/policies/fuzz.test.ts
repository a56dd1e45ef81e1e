import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JudgedResource, judgeResources } from "../../policies/judge.ts";
import { compliant } from "./compliant.ts";

const context = { stack: "production", read: () => undefined, keys: () => [] };
const types = [
  ...new Set(Object.values(compliant).map(({ type }) => type)),
  "kubernetes:core/v1:Pod",
  "kubernetes:core/v1:List",
  "kubernetes:example.com/v1:Thing",
];

/** Every place in a value, as the keys that lead to it. */
const placesIn = (value: unknown): string[][] =>
  typeof value !== "object" || value === null
    ? [[]]
    : [[], ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner).map((rest) => [key, ...rest]))];

function withAt(value: unknown, [key, ...rest]: string[], other: unknown): unknown {
  if (key === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Object.assign(copy, { [key]: withAt((value as Record<string, unknown>)[key], rest, other) });
  return copy;
}

const resource = (type: string, props: unknown, name = "subject"): JudgedResource => ({
  urn: `urn:pulumi:production::whisper-platform::${type}::${name}`,
  type,
  name,
  props: props as Record<string, unknown>,
});

describe("whatever a resource looks like", () => {
  it("the rules come to a verdict on any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (type, props) => {
          await expect(judgeResources([resource(type, props)], context)).resolves.toBeDefined();
        },
      ),
      { numRuns: 200, seed: 6 },
    );
  });

  it("the rules come to a verdict where anything stands in the place of any value", async () => {
    const sound = Object.entries(compliant);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sound),
        fc.nat(),
        fc.jsonValue(),
        async ([name, one], chosen, other) => {
          const places = placesIn(one.props).slice(1);
          if (places.length === 0) return;
          const props = withAt(one.props, places[chosen % places.length] ?? [], other);
          await expect(judgeResources([resource(one.type, props, name)], context)).resolves.toBeDefined();
        },
      ),
      { numRuns: 1_000, seed: 6 },
    );
  });
});
