import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GeneratedType, InputKind } from "../../../../sandbox/providers/generated/generated-type.ts";
import { declaredResource } from "./declared.ts";

/** What the vendor publishes of one type. */
interface PublishedResource {
  inputs: Record<string, { type: string; deprecationMessage?: boolean }>;
  requiredInputs: string[];
  outputs: Record<string, { secret?: boolean }>;
  requiredOutputs: string[];
}

const PUBLISHED_TYPES: Record<InputKind, string> = {
  string: "string",
  integer: "integer",
  boolean: "boolean",
  map: "object",
  strings: "array",
  object: "object",
};

/**
 * Declares the tests that hold a stand-in against what its vendor's package declares, and against the schema that the
 * vendor publishes, where REFERENCE_DATA has it.
 *
 * @param name The package's, e.g. `random`.
 * @param settled Outputs that are always there though their inputs need not be.
 */
export function itAgreesWithTheVendor(
  name: string,
  types: readonly GeneratedType[],
  settled: readonly string[] = [],
): void {
  const folder = process.env.REFERENCE_DATA;
  const file = folder === undefined ? undefined : join(folder, `pulumi-${name}-schema.json`);
  const found = file !== undefined && existsSync(file);
  if (!found) {
    process.stderr.write(
      `SKIPPED: the ${name} stand-in is not held against the vendor's schema. Set REFERENCE_DATA to the folder of ` +
        `pulumi-${name}-schema.json.\n`,
    );
  }
  const published: Record<string, PublishedResource> = found
    ? JSON.parse(readFileSync(file, "utf8")).resources
    : {};
  const each = types.map((type) => [type.token, type] as const);

  describe(`the ${name} stand-in and the vendor's package`, () => {
    it.each(each)("agree on %s", (token, type) => {
      const inputs = Object.entries(type.inputs);
      expect({
        inputs: inputs.map(([input]) => input).sort(),
        requiredInputs: inputs.flatMap(([input, { required }]) => (required ? [input] : [])).sort(),
        outputs: [...Object.keys(type.inputs), ...type.generatedOutputs].sort(),
      }).toEqual(declaredResource(token));
    });
  });

  describe.skipIf(!found)(`the ${name} stand-in and the vendor's schema`, () => {
    it("know the same types", () => {
      expect(types.map((type) => type.token).sort()).toEqual(Object.keys(published).sort());
    });

    it.each(each)("agree on %s", (token, type) => {
      const schema = published[token];
      const ours = Object.entries(type.inputs);
      expect(Object.fromEntries(ours.map(([input, rule]) => [input, PUBLISHED_TYPES[rule.kind]]))).toEqual(
        Object.fromEntries(
          Object.entries(schema?.inputs ?? {}).map(([input, { type: kind }]) => [input, kind]),
        ),
      );
      const required = ours.filter(([, rule]) => rule.required).map(([input]) => input);
      expect(required.sort()).toEqual([...(schema?.requiredInputs ?? [])].sort());
      expect(ours.filter(([, rule]) => rule.deprecation !== undefined).map(([input]) => input)).toEqual(
        Object.entries(schema?.inputs ?? {}).flatMap(([input, { deprecationMessage }]) =>
          deprecationMessage ? [input] : [],
        ),
      );
      expect([...Object.keys(type.inputs), ...type.generatedOutputs].sort()).toEqual(
        Object.keys(schema?.outputs ?? {}).sort(),
      );
      const secrets = Object.entries(schema?.outputs ?? {}).flatMap(([output, { secret }]) =>
        secret ? [output] : [],
      );
      expect([...(type.secretOutputs ?? [])].sort()).toEqual(secrets.sort());
    });

    it.each(each)("%s always gives what is promised", (token, type) => {
      const always = [
        ...type.generatedOutputs,
        ...Object.entries(type.inputs).flatMap(([input, rule]) =>
          rule.required || rule.default !== undefined || settled.includes(input) ? [input] : [],
        ),
      ];
      expect(always.sort()).toEqual([...(published[token]?.requiredOutputs ?? [])].sort());
    });
  });
}
