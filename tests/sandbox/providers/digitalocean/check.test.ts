import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAutonamed, withAutoname } from "../../../../sandbox/providers/digitalocean/dsl/autoname.ts";
import { checkInputs } from "../../../../sandbox/providers/digitalocean/dsl/check.ts";
import {
  compareInputs,
  judgeTransitions,
  replacesAt,
} from "../../../../sandbox/providers/digitalocean/dsl/compare.ts";
import { withDefaults } from "../../../../sandbox/providers/digitalocean/dsl/defaults.ts";
import {
  boolean,
  type Fields,
  integer,
  list,
  map,
  name,
  number,
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

  it("leaves empty defaults and those of what is deprecated to the vendor's plugin, which knows them", () => {
    const served: Fields = {
      ipv6: boolean({ default: false }),
      note: string({ default: "" }),
      algorithm: string({ default: "round_robin", deprecated: true }),
      resize: boolean({ default: true }),
    };
    const inputs = { __defaults: ["resize"], resize: true };
    expect(checkInputs("a thing", served, {}).inputs).toEqual(inputs);
    expect(withDefaults(served, inputs)).toEqual({
      ...inputs,
      ...{ ipv6: false, note: "", algorithm: "round_robin" },
    });
  });

  it("fills in again what it filled in before, at every level, and not what has changed since", () => {
    const served: Fields = {
      ipv6: boolean({ default: false }),
      ttl: integer({ default: 30 }),
      pool: object({ autoScale: boolean({ default: false }), size: string() }),
    };
    const before = {
      ...{ __defaults: ["ipv6", "ttl"], ipv6: false, ttl: 60 },
      pool: { __defaults: ["autoScale"], autoScale: false, size: "s" },
    };
    expect(checkInputs("a thing", served, { pool: { size: "m" } }, before).inputs).toEqual({
      ...before,
      pool: { ...before.pool, size: "m" },
    });
    const changed = inputsOf(served, { ipv6: true, ttl: 60, pool: { autoScale: true, size: "s" } }, before);
    expect(changed).toMatchObject({ __defaults: ["ttl"], pool: { __defaults: [] } });
    expect(checkInputs("a thing", served, { pool: { size: "s" } }, changed).inputs).toEqual({
      ...{ __defaults: ["ttl"], ttl: 60 },
      pool: { __defaults: [], size: "s" },
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

  it("rename, convert, echo what the API never says, and put sets into Terraform's order", () => {
    const document = { name: "x", region: { slug: "fra1" }, size: "4", tags: ["a", "b", "c"], unrelated: 1 };
    const told = { ...document, created_at: "now" };
    const outputs = outputsOf(fields, { createdAt: string() }, told, inputs, "read");
    expect(outputs).toEqual({
      name: "x",
      region: "fra1",
      size: 4,
      tags: ["a", "b", "c"],
      password: new Secret("p"),
      rules: [],
      createdAt: "now",
    });
    expect(inputsOf(fields, outputs, { __defaults: [], ...inputs })).toEqual({
      __defaults: [],
      region: "fra1",
      tags: ["a", "b", "c"],
      password: new Secret("p"),
    });
  });

  it("keep the program's order of sets whose members have parts, in inputs", () => {
    const served: Fields = { rules: set(object({ port: string(), note: string() })) };
    const rules = [{ port: "80" }, { port: "22" }];
    const document = { rules: [{ port: "22", note: "" }, { port: "443" }, { port: "80" }] };
    const outputs = outputsOf(served, {}, document, { rules }, "read");
    expect(outputs.rules).toEqual([{ port: "22", note: "" }, { port: "443" }, { port: "80" }]);
    expect(inputsOf(served, outputs, { rules }).rules).toEqual([...rules, { port: "443" }]);
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
      pool: object({ size: string(), tags: set(string()) }),
    };
    const document = {
      labels: {},
      names: [],
      chosen: [],
      rules: [{}],
      pool: { size: "s", tags: [] },
    };
    const nothing = {
      flags: 0,
      tag: "",
      key: new Secret(null),
      chosen: [],
      rules: [{ port: "", from: [] }],
      blocks: [],
    };
    const said = { pool: { size: "s" } };
    expect(outputsOf(served, {}, document, said, "written")).toEqual({ ...nothing, pool: { size: "s" } });
    expect(outputsOf(served, {}, document, { names: [] }, "written")).toMatchObject({ names: [] });
    expect(outputsOf(served, {}, document, said, "read")).toEqual({
      ...nothing,
      ...{ labels: {}, names: [] },
      pool: { size: "s", tags: [] },
    });
  });

  it("hold sets in the order of Terraform's state: text by bytes, numbers by size, objects part by part", () => {
    const rule = object({ ports: string(), from: set(string()), note: string() });
    const served: Fields = {
      names: set(string()),
      numbers: set(integer()),
      rules: set(rule),
      steps: list(string()),
    };
    const document = {
      names: ["b", "a", "B"],
      numbers: [10, 9],
      rules: [
        { from: ["::/0", "0.0.0.0/0"], ports: "80" },
        { from: ["10.0.0.0/8"], ports: "22" },
        { from: ["0.0.0.0/0", "::/0"], ports: "443", note: "x" },
        { from: ["0.0.0.0/0", "::/0"], ports: "443" },
      ],
      steps: ["b", "a"],
    };
    expect(outputsOf(served, {}, document, {}, "written")).toEqual({
      names: ["B", "a", "b"],
      numbers: [9, 10],
      rules: [
        { from: ["0.0.0.0/0", "::/0"], ports: "443", note: "x" },
        { from: ["0.0.0.0/0", "::/0"], ports: "443" },
        { from: ["0.0.0.0/0", "::/0"], ports: "80" },
        { from: ["10.0.0.0/8"], ports: "22" },
      ],
      steps: ["b", "a"],
    });
  });

  it("hold what is read with 32 bits, while inputs keep what the program said", () => {
    const served: Fields = { factor: number({ single: true }) };
    const outputs = outputsOf(served, {}, { factor: 0.1 }, { factor: 0.1 }, "read");
    expect(outputs).toEqual({ factor: 0.10000000149011612 });
    expect(inputsOf(served, outputs, { factor: 0.1 })).toMatchObject({ factor: 0.1 });
    expect(compareInputs(served, { factor: 0.10000000149011612 }, { factor: 0.1 })).toEqual([]);
    expect(inputsOf(served, { factor: 0.25 }, { factor: 0.1 })).toMatchObject({ factor: 0.25 });
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
