import bcrypt from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath } from "../../../../sandbox/providers/kit/path.ts";
import type { CallContext, DiffResult, ProviderSession } from "../../../../sandbox/providers/kit/provider.ts";
import { type PropertyMap, reveal, Secret, UNKNOWN } from "../../../../sandbox/providers/kit/values.ts";
import { createRandomProvider } from "../../../../sandbox/providers/random/provider.ts";

const call: CallContext = {
  urn: "urn:pulumi:dev::test::random::x",
  signal: new AbortController().signal,
  progress: () => undefined,
  warn: () => undefined,
};
const token = (name: string) => `random:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const identity = (name: string) => ({ urn: call.urn, type: token(name), name: "x" });

async function session(): Promise<ProviderSession> {
  return createRandomProvider().configure({}, call);
}

async function make(name: string, inputs: PropertyMap) {
  const request = { ...identity(name), inputs, preview: false, timeoutSeconds: undefined };
  const { id, outputs } = await (await session()).create(request, call);
  return { id, outputs, plain: reveal(outputs) as Record<string, never> };
}

async function faults(name: string, inputs: PropertyMap): Promise<Record<string, string>> {
  const request = {
    ...identity(name),
    inputs,
    oldInputs: undefined,
    randomSeed: new Uint8Array(),
    autonaming: undefined,
  };
  const { failures } = await (await session()).check(request, call);
  return Object.fromEntries(failures.map((failure) => [formatPath(failure.path), failure.reason]));
}

async function change(name: string, before: PropertyMap, after: PropertyMap): Promise<DiffResult> {
  const { id, outputs } = await make(name, before);
  const request = {
    ...identity(name),
    id,
    oldInputs: before,
    oldOutputs: outputs,
    newInputs: after,
    ignoreChanges: [],
  };
  return (await session()).diff(request, call);
}

const replaces = (diff: DiffResult) => diff.properties.some((property) => property.replace);

describe("what is drawn", () => {
  it("keeps length, minimums and classes of characters", async () => {
    const inputs = fc
      .record({
        minUpper: fc.nat(3),
        minLower: fc.nat(3),
        minNumeric: fc.nat(3),
        minSpecial: fc.nat(3),
        more: fc.integer({ min: 1, max: 20 }),
        special: fc.boolean(),
      })
      .map(({ more, ...rest }) => ({
        ...rest,
        length: rest.minUpper + rest.minLower + rest.minNumeric + rest.minSpecial + more,
      }));
    await fc.assert(
      fc.asyncProperty(inputs, async (wanted) => {
        const { id, plain } = await make("RandomString", wanted);
        const result = String(plain.result);
        const count = (characters: RegExp) =>
          [...result].filter((character) => characters.test(character)).length;
        expect(id).toBe(result);
        expect(result).toHaveLength(wanted.length);
        expect(count(/[A-Z]/)).toBeGreaterThanOrEqual(wanted.minUpper);
        expect(count(/[a-z]/)).toBeGreaterThanOrEqual(wanted.minLower);
        expect(count(/\d/)).toBeGreaterThanOrEqual(wanted.minNumeric);
        expect(count(/[^A-Za-z0-9]/)).toBeGreaterThanOrEqual(wanted.minSpecial);
        if (!wanted.special && wanted.minSpecial === 0) expect(result).toMatch(/^[A-Za-z0-9]*$/);
      }),
      { numRuns: 50 },
    );
  });

  it("takes special characters from the list given, whole code points", async () => {
    const { plain } = await make("RandomString", {
      length: 10,
      minSpecial: 5,
      overrideSpecial: "°",
      upper: false,
    });
    expect([...String(plain.result)].filter((character) => character === "°").length).toBeGreaterThanOrEqual(
      5,
    );
  });

  it("keeps a password secret, with a bcrypt hash that fits", async () => {
    const { id, outputs, plain } = await make("RandomPassword", { length: 80 });
    expect(id).toBe("none");
    expect(outputs.result).toBeInstanceOf(Secret);
    expect(outputs.bcryptHash).toBeInstanceOf(Secret);
    expect(plain.bcryptHash).toMatch(/^\$2a\$10\$/);
    expect(await bcrypt.compare(String(plain.result).slice(0, 72), String(plain.bcryptHash))).toBe(true);
  });

  it("gives identifiers in all their notations, the same bytes behind a prefix", async () => {
    const { id, plain } = await make("RandomId", { byteLength: 4, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    expect(plain).toMatchObject({
      b64Url: `p-${id}`,
      b64Std: `p-${bytes.toString("base64")}`,
      hex: `p-${bytes.toString("hex")}`,
      dec: `p-${bytes.readUInt32BE()}`,
    });
  });

  it("draws integers within their bounds, the same for the same seed", async () => {
    const bounds = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(50));
    await fc.assert(
      fc.asyncProperty(bounds, async ([min, span]) => {
        const inputs = { min, max: min + span, seed: "s" };
        const [one, two] = [await make("RandomInteger", inputs), await make("RandomInteger", inputs)];
        expect(one.plain.result).toBeGreaterThanOrEqual(min);
        expect(one.plain.result).toBeLessThanOrEqual(min + span);
        expect(two.id).toBe(one.id);
      }),
      { numRuns: 30 },
    );
  });

  it("shuffles: a permutation, cut off or repeated to the count", async () => {
    const inputs = ["a", "b", "c"];
    const whole = (await make("RandomShuffle", { inputs })).plain.results;
    expect(whole).toHaveLength(inputs.length);
    expect(whole).toEqual(expect.arrayContaining(inputs));
    const { plain } = await make("RandomShuffle", { inputs, resultCount: 7 });
    expect(plain.results).toHaveLength(7);
    expect((await make("RandomShuffle", { inputs: [], resultCount: 3 })).plain.results).toEqual([]);
  });

  it.each([
    ["RandomUuid", /^[0-9a-f-]{36}$/],
    ["RandomUuid4", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ["RandomUuid7", /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
  ])("gives %s its form", async (name, form) => {
    const { id, plain } = await make(name, {});
    expect(id).toMatch(form);
    expect(plain.result).toBe(id);
  });

  it("names pets, the prefix first", async () => {
    expect((await make("RandomPet", { prefix: "dev", length: 3, separator: "_" })).id).toMatch(
      /^dev(_[a-z]+){3}$/,
    );
  });

  it("knows in a preview what repeats the inputs, and nothing of what will be drawn", async () => {
    const request = {
      ...identity("RandomPassword"),
      inputs: { length: 9 },
      preview: true,
      timeoutSeconds: undefined,
    };
    const { id, outputs } = await (await session()).create(request, call);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ length: 9, upper: true, minUpper: 0 });
    expect(outputs.result).toEqual(new Secret(UNKNOWN));
  });
});

describe("what is refused", () => {
  it("tells all faults at once, each with its property", async () => {
    expect(
      await faults("RandomPassword", { length: 0, upper: "yes", minLower: -1, lenght: 3, keepers: ["a"] }),
    ).toEqual({
      lenght: expect.stringContaining("has no input"),
      length: "must be at least 1, is 0",
      upper: 'must be true or false, is "yes"',
      minLower: "must be at least 0, is -1",
      keepers: expect.stringContaining("must be a map of strings"),
    });
  });

  it.each([
    ["RandomPassword", { length: 3, minUpper: 2, minNumeric: 2 }, "length", /sum of minUpper.* \(4\)/],
    ["RandomString", { length: 3, number: true, numeric: false }, "number", /disagrees with numeric/],
    [
      "RandomString",
      { length: 3, upper: false, lower: false, numeric: false, special: false },
      "numeric",
      /no characters/,
    ],
    ["RandomInteger", { min: 5, max: 1 }, "min", /not be more than max/],
    ["RandomInteger", { min: 1 }, "max", /is required/],
    ["RandomBytes", { length: 1.5 }, "length", /whole number/],
    ["RandomShuffle", { inputs: "a" }, "inputs", /list of strings/],
  ])("%s refuses %j", async (name, inputs, property, reason) => {
    expect((await faults(name, inputs))[property]).toMatch(reason);
  });

  it("does not judge what is not known yet", async () => {
    expect(await faults("RandomPassword", { length: UNKNOWN, minUpper: 5, keepers: { a: UNKNOWN } })).toEqual(
      {},
    );
  });

  it("names a type that it does not serve, and those that it does", async () => {
    await expect(faults("RandomDragon", {})).rejects.toThrow(/RandomDragon.*RandomPassword/);
  });
});

describe("what a change means", () => {
  it("draws anew when an input changes, and not when a default is spelt out", async () => {
    expect(replaces(await change("RandomPassword", { length: 8 }, { length: 9 }))).toBe(true);
    expect(
      (await change("RandomPassword", { length: 8 }, { length: 8, upper: true, numeric: true })).changed,
    ).toBe(false);
    expect((await change("RandomPet", {}, { separator: "-" })).changed).toBe(false);
  });

  it("draws anew when a keeper changes, comes or goes; an empty map is none", async () => {
    const keepers = (map?: PropertyMap) => ({ length: 8, ...(map === undefined ? {} : { keepers: map }) });
    expect(replaces(await change("RandomString", keepers({ a: "1" }), keepers({ a: "2" })))).toBe(true);
    expect(replaces(await change("RandomString", keepers({ a: "1" }), keepers()))).toBe(true);
    expect(replaces(await change("RandomString", keepers({ a: "1" }), keepers({ a: UNKNOWN })))).toBe(true);
    expect(replaces(await change("RandomString", keepers(), keepers({})))).toBe(false);
  });

  it("keeps what was drawn through an update in place", async () => {
    const before = { length: 8, overrideSpecial: "" };
    const { id, outputs } = await make("RandomPassword", before);
    const diff = await change("RandomPassword", before, { length: 8 });
    expect(diff.changed && !replaces(diff)).toBe(true);
    const request = {
      ...identity("RandomPassword"),
      id,
      oldInputs: before,
      oldOutputs: outputs,
      newInputs: { length: 8 },
    };
    const updated = await (await session()).update(
      { ...request, ignoreChanges: [], preview: false, timeoutSeconds: undefined },
      call,
    );
    expect(updated.result).toEqual(outputs.result);
    expect(updated).not.toHaveProperty("overrideSpecial");
  });
});

describe("what is imported", () => {
  const read = async (name: string, id: string) =>
    (await session()).read({ ...identity(name), id, inputs: undefined, outputs: undefined }, call);

  it.each([
    [
      "RandomPassword",
      "hunter2",
      "none",
      { length: 7, upper: true, lower: true, numeric: true, number: true, special: true },
    ],
    [
      "RandomString",
      "abc",
      "abc",
      { length: 3, upper: true, lower: true, numeric: true, number: true, special: true },
    ],
    ["RandomInteger", "3,1,5", "3", { min: 1, max: 5 }],
    ["RandomInteger", "-3,-9,5,s", "-3", { min: -9, max: 5, seed: "s" }],
    ["RandomId", "p,AQID", "AQID", { byteLength: 3, prefix: "p" }],
    ["RandomBytes", "AQID", "AQID", { length: 3 }],
    ["RandomUuid", "6F9619FF-8B86-D011-B42D-00CF4FC964FF", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", {}],
  ])("%s by %s", async (name, given, id, inputs) => {
    expect(await read(name, given)).toMatchObject({ id, inputs });
  });

  it.each([
    ["RandomInteger", "three"],
    ["RandomBytes", "not base64!"],
    ["RandomId", "a,b,*"],
    ["RandomUuid4", "1234"],
    ["RandomPet", "merry-otter"],
  ])("%s refuses %s and says how", async (name, given) => {
    await expect(read(name, given)).rejects.toThrow(/imported/);
  });

  it("leaves what is in the state as it is in a refresh", async () => {
    const { id, outputs } = await make("RandomPet", {});
    const request = { ...identity("RandomPet"), id, inputs: {}, outputs };
    expect(await (await session()).read(request, call)).toEqual({ id, inputs: {}, outputs });
  });
});
