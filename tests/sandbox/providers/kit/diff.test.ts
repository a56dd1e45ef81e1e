import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  diffProperties,
  formatChanges,
  formatPath,
  hasUnknown,
  type PropertyMap,
  type PropertyValue,
  Secret,
  toDiffResult,
  UNKNOWN,
} from "../../../../sandbox/providers/kit/index.ts";
import { properties, values } from "./arbitraries.ts";

const changes = (olds: PropertyMap, news: PropertyMap, unordered?: () => boolean) =>
  diffProperties(olds, news, unordered && { unordered }).map(
    ({ path, kind }) => `${kind} ${formatPath(path)}`,
  );

describe("the difference of properties", () => {
  it("is empty for equal ones, whatever is secret", () => {
    fc.assert(
      fc.property(
        properties.filter((map) => !hasUnknown(map)),
        (map) => {
          const secret = Object.fromEntries(
            Object.entries(map).map(([name, value]) => [name, new Secret(value)]),
          );
          expect(diffProperties(map, structuredCopy(map))).toEqual([]);
          expect(diffProperties(map, secret)).toEqual([]);
        },
      ),
    );
  });

  it("has the same paths both ways, with appearing and going swapped", () => {
    const opposite = { add: "delete", delete: "add", update: "update" } as const;
    fc.assert(
      fc.property(properties, properties, (olds, news) => {
        const there = diffProperties(olds, news).map(
          ({ path, kind }) => `${opposite[kind]} ${formatPath(path)}`,
        );
        const back = diffProperties(news, olds).map(({ path, kind }) => `${kind} ${formatPath(path)}`);
        expect(there.sort()).toEqual(back.sort());
      }),
    );
  });

  it("does not depend on the order of a set", () => {
    const known = fc.array(
      values.filter((value) => !hasUnknown(value)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(known, fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list
          .map((value) => ({ value, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ value }) => value);
        expect(diffProperties({ list }, { list: shuffled }, { unordered: () => true })).toEqual([]);
      }),
    );
  });

  it("names the deepest path", () => {
    expect(changes({ a: { b: [1, { c: "x" }] } }, { a: { b: [1, { c: "y" }], d: true } })).toEqual([
      "update a.b[1].c",
      "add a.d",
    ]);
  });

  it("looks under secrets and takes a value that is not known yet for a change", () => {
    expect(changes({ a: new Secret({ b: 1 }) }, { a: { b: new Secret(2) } })).toEqual(["update a.b"]);
    expect(changes({ a: { b: 1 } }, { a: { b: UNKNOWN } })).toEqual(["update a.b"]);
    expect(changes({}, { a: UNKNOWN })).toEqual(["add a"]);
  });

  it("takes null for absent, except inside a list", () => {
    expect(changes({ a: null }, {})).toEqual([]);
    expect(changes({ a: null }, { a: new Secret(1) })).toEqual(["add a"]);
    expect(changes({ a: [null] }, { a: [""] })).toEqual(["update a[0]"]);
    expect(changes({ a: [1, 2] }, { a: [1] })).toEqual(["delete a[1]"]);
  });

  it("tells which members of a set come and go", () => {
    const set = () => true;
    expect(changes({ tags: ["a", "b", "c"] }, { tags: ["c", "a"] }, set)).toEqual(["delete tags[1]"]);
    expect(changes({ tags: ["a", "b"] }, { tags: ["b", "c", "d"] }, set)).toEqual([
      "update tags[1]",
      "add tags[2]",
    ]);
    expect(changes({ tags: ["a", "a"] }, { tags: ["a"] }, set)).toEqual(["delete tags[1]"]);
  });

  it("becomes an answer that tells replacements from updates", () => {
    const found = diffProperties({ region: "fra1", tags: ["a"] }, { region: "ams3", tags: [] });
    const result = toDiffResult(found, {
      replaces: (path) => path[0] === "region",
      deleteBeforeReplace: true,
    });
    expect(result).toMatchObject({ changed: true, deleteBeforeReplace: true });
    expect(result.properties.map(({ path, replace }) => [formatPath(path), replace])).toEqual([
      ["region", true],
      ["tags[0]", false],
    ]);
    expect(toDiffResult([], { replaces: () => true }).changed).toBe(false);
    expect(formatChanges(found)).toEqual(["region", "tags[0]"]);
  });
});

describe("property paths", () => {
  it("are written as the engine parses them", () => {
    expect(formatPath(["a", "b", 0, "c"])).toBe("a.b[0].c");
    expect(formatPath(["labels", "app.kubernetes.io/name"])).toBe('labels["app.kubernetes.io/name"]');
    expect(formatPath(['odd"name', 2])).toBe('["odd\\"name"][2]');
    expect(formatPath([])).toBe("");
  });
});

function structuredCopy(value: PropertyMap): PropertyMap {
  const copy = (part: PropertyValue): PropertyValue => {
    if (part instanceof Secret) return new Secret(copy(part.value));
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part === "object" && part !== null && part !== UNKNOWN) {
      return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, copy(inner)]));
    }
    return part;
  };
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]));
}
