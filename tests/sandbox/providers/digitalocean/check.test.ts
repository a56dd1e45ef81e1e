import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAutonamed, withAutoname } from "../../../../sandbox/providers/digitalocean/dsl/autoname.ts";
import { checkInputs } from "../../../../sandbox/providers/digitalocean/dsl/check.ts";
import {
  compareInputs,
  judgeTransitions,
  replacesAt,
} from "../../../../sandbox/providers/digitalocean/dsl/compare.ts";
import {
  boolean,
  type Fields,
  integer,
  list,
  map,
  name,
  object,
  set,
  string,
} from "../../../../sandbox/providers/digitalocean/dsl/fields.ts";
import { previewOutputs } from "../../../../sandbox/providers/digitalocean/dsl/preview.ts";
import { cidr, portRange, uuid } from "../../../../sandbox/providers/digitalocean/dsl/values.ts";
import { inputsOf, outputsOf } from "../../../../sandbox/providers/digitalocean/dsl/wire.ts";
import { resourceOf } from "../../../../sandbox/providers/digitalocean/registry.ts";
import { formatPath, type PropertyMap, Secret, UNKNOWN } from "../../../../sandbox/providers/kit/index.ts";
import { token$ } from "./sandbox.ts";

const fields: Fields = {
  name: name({ maxLength: 20 }),
  region: string({ required: true, replaces: true, offer: "regions" }),
  size: integer({ min: 1, max: 10, default: 3 }),
  isOpen: boolean({ computed: true }),
  tags: set(string()),
  labels: map(string()),
  password: string({ secret: true }),
  rules: list(object({ port: integer({ required: true, min: 1 }), note: string({ default: "none" }) })),
};

const faults = (inputs: PropertyMap) =>
  checkInputs("a thing", fields, inputs).failures.map(({ path, reason }) => `${formatPath(path)}: ${reason}`);

describe("the check of inputs", () => {
  it("names all faults at once, each with its path", () => {
    expect(
      faults({
        regoin: "fra1",
        size: 11,
        tags: "one",
        isOpen: "perhaps",
        rules: [{ port: 0 }, { prot: 1, port: 1.5 }],
      }),
    ).toEqual([
      'regoin: a thing has no such property; did you mean "region"?',
      "region: is required: a thing cannot be made without it",
      "size: 11 is more than the most, 10",
      'isOpen: must be true or false, but is "perhaps"',
      'tags: must be a list, but is "one"',
      "rules[0].port: 0 is less than the least, 1",
      'rules[1].prot: a thing has no such property; did you mean "port"?',
      "rules[1].port: must be a whole number, but is 1.5",
    ]);
  });

  it("fills in defaults at every level and says so, as the vendor's bridge does", () => {
    expect(checkInputs("a thing", fields, { region: "fra1", rules: [{ port: 1 }] }).inputs).toEqual({
      __defaults: ["size"],
      region: "fra1",
      size: 3,
      rules: [{ __defaults: ["note"], port: 1, note: "none" }],
    });
  });

  it("is stable: what it gives passes again unchanged", () => {
    const valid = fc.record({
      region: fc.string(),
      size: fc.integer({ min: 1, max: 10 }),
      tags: fc.array(fc.string()),
      rules: fc.array(fc.record({ port: fc.integer({ min: 1 }) })),
    });
    fc.assert(
      fc.property(valid, (inputs) => {
        const first = checkInputs("a thing", fields, inputs);
        const second = checkInputs("a thing", fields, first.inputs);
        expect(first.failures).toEqual([]);
        expect(compareInputs(fields, first.inputs, second.inputs)).toEqual([]);
      }),
    );
  });

  it("lets unknown values pass, and keeps secrets wrapped", () => {
    const { inputs, failures, offered } = checkInputs("a thing", fields, {
      region: UNKNOWN,
      size: new Secret(UNKNOWN),
      password: "hunter2",
      tags: [UNKNOWN, new Secret("t")],
    });
    expect(failures).toEqual([]);
    expect(offered).toEqual([]);
    expect(inputs.password).toEqual(new Secret("hunter2"));
    expect(inputs.tags).toEqual([UNKNOWN, new Secret("t")]);
  });

  it("converts types as the bridge does", () => {
    const { inputs, failures } = checkInputs("a thing", fields, { region: 7, size: "5", isOpen: "true" });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ region: "7", size: 5, isOpen: true });
  });
});

describe("the comparison of inputs", () => {
  const changed = (olds: PropertyMap, news: PropertyMap) =>
    compareInputs(fields, olds, news).map(
      ({ path }) => `${formatPath(path)}${replacesAt(fields, path) ? " replaces" : ""}`,
    );

  it("takes sets as sets, secrets for their values, and what is handed back to the cloud for no change", () => {
    expect(changed({ tags: ["a", "b"], isOpen: true }, { tags: ["b", "a"] })).toEqual([]);
    expect(changed({ password: new Secret("x") }, { password: "x" })).toEqual([]);
    expect(changed({ region: "fra1", labels: { "a.b/c": "1" } }, { region: "ams3", labels: {} })).toEqual([
      'labels["a.b/c"]',
      "region replaces",
    ]);
  });

  it("judges what values decide", () => {
    const verdict = (type: string, olds: PropertyMap, news: PropertyMap) =>
      judgeTransitions(resourceOf(token$(type)), olds, news);
    expect([...verdict("Droplet", { ipv6: true }, { ipv6: false }).replacing]).toEqual(["ipv6"]);
    expect([...verdict("Droplet", { ipv6: false }, { ipv6: true }).replacing]).toEqual([]);
    const version = (from: string, to: string) =>
      verdict("KubernetesCluster", { version: from }, { version: to });
    expect([...version("1.36.3-do.0", "1.35.1-do.0").replacing]).toEqual(["version"]);
    expect([...version("1.35.1-do.0", "1.36.3-do.0").replacing]).toEqual([]);
    expect(verdict("Volume", { size: 20 }, { size: 10 }).refusals[0]).toContain("cannot shrink");
    expect(verdict("SpacesBucket", { name: "a-1" }, { name: "a-2" }).refusals[0]).toContain(
      "cannot be renamed",
    );
  });
});

describe("names that are made up", () => {
  const request = (inputs: PropertyMap, oldInputs?: PropertyMap, seed = "seed") => ({
    urn: "",
    type: "",
    name: "thing",
    inputs,
    oldInputs,
    randomSeed: Buffer.from(seed),
    autonaming: undefined,
  });

  it("have a suffix that the engine's seed decides, and stay", () => {
    const first = withAutoname(fields, request({})).name;
    expect(first).toMatch(/^thing-[0-9a-f]{7}$/);
    expect(withAutoname(fields, request({})).name).toBe(first);
    expect(withAutoname(fields, request({}, undefined, "other")).name).not.toBe(first);
    const kept = withAutoname(fields, request({}, { __defaults: ["name"], name: "thing-0000000" }));
    expect(kept.name).toBe("thing-0000000");
    expect(isAutonamed({ __defaults: ["name"] })).toBe(true);
  });

  it("give way to the program's, to settings, and to a ban", () => {
    expect(withAutoname(fields, request({ name: "mine" })).name).toBe("mine");
    const settings = { mode: "propose", proposedName: "proposed" } as const;
    expect(withAutoname(fields, { ...request({}), autonaming: settings }).name).toBe("proposed");
    const ban = { mode: "disable", proposedName: "" } as const;
    expect(withAutoname(fields, { ...request({}), autonaming: ban }).name).toBeUndefined();
  });
});

describe("outputs and inputs from an API document", () => {
  const inputs: PropertyMap = { region: "fra1", tags: ["b", "a"], password: new Secret("p") };

  it("rename, convert, echo what the API never says, and keep the program's order", () => {
    const document = { name: "x", region: { slug: "fra1" }, size: "4", tags: ["a", "b", "c"], unrelated: 1 };
    const outputs = outputsOf(fields, { createdAt: string() }, { ...document, created_at: "now" }, inputs);
    expect(outputs).toEqual({
      name: "x",
      region: "fra1",
      size: 4,
      tags: ["b", "a", "c"],
      password: new Secret("p"),
      rules: [],
      createdAt: "now",
    });
    expect(inputsOf(fields, outputs, { __defaults: [], ...inputs })).toEqual({
      __defaults: [],
      region: "fra1",
      tags: ["b", "a", "c"],
      password: new Secret("p"),
    });
  });

  it("say nothing as Terraform's state says it", () => {
    const served: Fields = {
      flags: integer({ zero: true }),
      tag: string({ zero: true }),
      note: string(),
      key: string({ secret: true }),
      labels: map(string()),
      names: set(string()),
      chosen: set(string(), { computed: true }),
      rules: list(object({ port: string({ zero: true }), from: set(string(), { zero: true }) })),
      blocks: list(object({ port: string() })),
    };
    const document = { labels: {}, names: [], chosen: [], rules: [{}] };
    expect(outputsOf(served, {}, document, {})).toEqual({
      flags: 0,
      tag: "",
      key: new Secret(null),
      chosen: [],
      rules: [{ port: "", from: [] }],
      blocks: [],
    });
    expect(outputsOf(served, {}, document, { names: [] })).toMatchObject({ names: [] });
  });

  it("are unknown in a preview where the cloud decides", () => {
    expect(
      previewOutputs(fields, { token: string({ secret: true }), id: string() }, { region: "fra1" }),
    ).toEqual({
      region: "fra1",
      isOpen: UNKNOWN,
      token: new Secret(UNKNOWN),
      id: UNKNOWN,
    });
  });
});

describe("rules for values", () => {
  it("tell ranges of addresses, ports and ids", () => {
    expect(["10.0.0.0/8", "::/0", "192.0.2.1/32"].map(cidr)).toEqual([undefined, undefined, undefined]);
    for (const bad of ["10.0.0.0", "10.0.0.0/33", "ten/8", "10.0.0.0/8/8", ""])
      expect(cidr(bad)).toContain("is not a range");
    expect(["22", "all", "8000-8100"].map(portRange)).toEqual([undefined, undefined, undefined]);
    for (const bad of ["0-5", "65536", "a", "1-2-3"]) expect(portRange(bad)).toContain("is not a port");
    expect(portRange("9-8")).toContain("begins after it ends");
    expect(uuid("network")).toContain("is not a UUID");
  });
});

describe("a type that is not served", () => {
  it("is named, with what to do", () => {
    expect(() => resourceOf(token$("App"))).toThrow(
      /does not serve the resource type digitalocean:index\/app:App/,
    );
    expect(() => resourceOf(token$("App"))).toThrow(/PLATFORM_PLUGINS=vendor/);
    expect(() => resourceOf(token$("Droplets"))).toThrow(/did you mean "Droplet"\?/);
  });
});
