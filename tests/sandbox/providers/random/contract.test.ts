import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { InputKind } from "../../../../sandbox/providers/random/random-type.ts";
import { RANDOM_TYPES } from "../../../../sandbox/providers/random/types/index.ts";

/** What the vendor publishes of one type. */
interface PublishedResource {
  inputs: Record<string, { type: string; deprecationMessage?: boolean }>;
  requiredInputs: string[];
  outputs: Record<string, { secret?: boolean }>;
  requiredOutputs: string[];
}

const folder = process.env.REFERENCE_DATA;
const file = folder === undefined ? undefined : join(folder, "pulumi-random-schema.json");
const found = file !== undefined && existsSync(file);
if (!found) {
  process.stderr.write(
    "SKIPPED: the random stand-in is not held against the vendor's schema. Set REFERENCE_DATA to the folder of " +
      "pulumi-random-schema.json.\n",
  );
}
const published: Record<string, PublishedResource> = found
  ? JSON.parse(readFileSync(file, "utf8")).resources
  : {};

const PUBLISHED_TYPES: Record<InputKind, string> = {
  string: "string",
  integer: "integer",
  boolean: "boolean",
  map: "object",
  strings: "array",
};

describe.skipIf(!found)("the random stand-in and the vendor's schema", () => {
  it("know the same types", () => {
    expect(RANDOM_TYPES.map((type) => type.token).sort()).toEqual(Object.keys(published).sort());
  });

  it.each(RANDOM_TYPES.map((type) => [type.token, type] as const))("agree on %s", (token, type) => {
    const schema = published[token];
    const ours = Object.entries(type.inputs);
    expect(Object.fromEntries(ours.map(([name, rule]) => [name, PUBLISHED_TYPES[rule.kind]]))).toEqual(
      Object.fromEntries(Object.entries(schema?.inputs ?? {}).map(([name, input]) => [name, input.type])),
    );
    expect(
      ours
        .filter(([, rule]) => rule.required)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...(schema?.requiredInputs ?? [])].sort());
    expect(ours.filter(([, rule]) => rule.deprecation !== undefined).map(([name]) => name)).toEqual(
      Object.entries(schema?.inputs ?? {}).flatMap(([name, input]) =>
        input.deprecationMessage ? [name] : [],
      ),
    );
    expect([...Object.keys(type.inputs), ...type.generatedOutputs].sort()).toEqual(
      Object.keys(schema?.outputs ?? {}).sort(),
    );
    expect([...(type.secretOutputs ?? [])].sort()).toEqual(
      Object.entries(schema?.outputs ?? {})
        .flatMap(([name, output]) => (output.secret ? [name] : []))
        .sort(),
    );
  });

  it.each(RANDOM_TYPES.map((type) => [type.token, type] as const))(
    "%s always gives what is promised",
    (token, type) => {
      const settled = ["number", "numeric"];
      const always = [
        ...type.generatedOutputs,
        ...Object.entries(type.inputs).flatMap(([name, rule]) =>
          rule.required || rule.default !== undefined || settled.includes(name) ? [name] : [],
        ),
      ];
      expect(always.sort()).toEqual([...(published[token]?.requiredOutputs ?? [])].sort());
    },
  );
});
