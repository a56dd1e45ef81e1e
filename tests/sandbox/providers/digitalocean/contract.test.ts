import { describe, expect, it } from "vitest";
import type { Field, Fields } from "../../../../sandbox/providers/digitalocean/dsl/fields.ts";
import { functionToken } from "../../../../sandbox/providers/digitalocean/dsl/resource.ts";
import { functionDefinitions } from "../../../../sandbox/providers/digitalocean/functions/index.ts";
import { resourceDefinitions } from "../../../../sandbox/providers/digitalocean/resources/index.ts";
import { openSchema, type SchemaProperty } from "./vendor-schema.ts";

const ONLY_TOLD = "a program reads it and never says it: the vendor's schema requires it of nobody";

/** Where we differ from the vendor's schema, and why. A line that no longer holds fails. */
const DIFFERENCES: Readonly<Record<string, string>> = Object.fromEntries([
  ...["clientId: string", "issuerUrl: string", "required: boolean"].flatMap((property) => [
    [`${functionToken("getKubernetesCluster")} input ours only: ssos[].${property}`, ONLY_TOLD],
    [`${functionToken("getKubernetesCluster")} input vendor only: ssos[].${property} required`, ONLY_TOLD],
  ]),
  ...["input ours only: name: string required", "input vendor only: name: string required replaces"].map(
    (line) => [
      `${functionToken("getDatabaseCluster")} ${line}`,
      "a function is not replaced: the mark came over from the vendor's resource",
    ],
  ),
]);

const schema = openSchema();

/** One line for everything the vendor says of a property: `nodePool.size: string required replaces`. */
function describeVendor(
  properties: Readonly<Record<string, SchemaProperty>>,
  required: readonly string[],
): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const marks = [
      required.includes(name) ? " required" : "",
      property.willReplaceOnChanges ? " replaces" : "",
      property.secret ? " secret" : "",
    ].join("");
    return describeVendorType(name, property).map((line, index) => (index === 0 ? line + marks : line));
  });
}

function describeVendorType(path: string, property: SchemaProperty): string[] {
  const objectType = property.$ref === undefined ? undefined : schema?.typeOf(property.$ref);
  if (objectType?.properties !== undefined) {
    const inner = describeVendor(objectType.properties, objectType.required ?? []);
    return [`${path}: object`, ...inner.map((line) => `${path}.${line}`)];
  }
  if (property.type === "array") return wrap(path, "[]", describeVendorType("", property.items ?? {}));
  if (property.type === "object")
    return wrap(path, "{}", describeVendorType("", property.additionalProperties ?? {}));
  return [`${path}: ${property.oneOf === undefined ? property.type : "string"}`];
}

/** The same lines for our fields. */
function describeOurs(fields: Fields, requirements: boolean): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const marks = [
      requirements && field.required ? " required" : "",
      requirements && field.replaces ? " replaces" : "",
      field.secret ? " secret" : "",
    ].join("");
    return describeOurType(name, field, requirements).map((line, index) =>
      index === 0 ? line + marks : line,
    );
  });
}

function describeOurType(path: string, field: Field, requirements: boolean): string[] {
  if (field.kind === "object") {
    const inner = describeOurs(field.fields, requirements);
    return [`${path}: object`, ...inner.map((line) => `${path}.${line}`)];
  }
  if (field.kind === "list") return wrap(path, "[]", describeOurType("", field.item, requirements));
  if (field.kind === "map") return wrap(path, "{}", describeOurType("", field.item, requirements));
  return [`${path}: ${field.kind}`];
}

function wrap(path: string, brackets: string, inner: readonly string[]): string[] {
  return inner.map((line) => `${path}${brackets}${line}`);
}

/** Lines of the outputs carry names, types and secrets only: what an output requires is nobody's to say. */
const withoutRequirements = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/ (required|replaces)/g, ""));

function differences(kind: string, vendor: readonly string[], ours: readonly string[]): string[] {
  const [theirs, mine] = [new Set(vendor), new Set(ours)];
  return [
    ...vendor.filter((line) => !mine.has(line)).map((line) => `${kind} vendor only: ${line}`),
    ...ours.filter((line) => !theirs.has(line)).map((line) => `${kind} ours only: ${line}`),
  ].sort();
}

describe.skipIf(schema === undefined)("the stand-in against the vendor's schema (REFERENCE_DATA)", () => {
  const seen = new Set<string>();
  const unexplained = (token: string, found: readonly string[]) =>
    found.filter((line) => {
      const key = `${token} ${line}`;
      seen.add(key);
      return !(key in DIFFERENCES);
    });

  it.each([...resourceDefinitions, ...functionDefinitions])(
    "agrees on $token",
    ({ token, inputs, outputs }) => {
      const vendor = schema?.find(token);
      expect(vendor, "the vendor has nothing of this name").toBeDefined();
      const found = [
        ...differences(
          "input",
          describeVendor(vendor?.inputs ?? {}, vendor?.requiredInputs ?? vendor?.required ?? []),
          describeOurs(inputs, true),
        ),
        ...differences(
          "output",
          withoutRequirements(describeVendor(vendor?.outputs ?? {}, [])),
          describeOurs({ ...inputs, ...outputs }, false),
        ),
      ];
      expect(unexplained(token, found)).toEqual([]);
    },
  );

  it("explains no difference that is not there", () => {
    expect(Object.keys(DIFFERENCES).filter((key) => !seen.has(key))).toEqual([]);
  });
});
