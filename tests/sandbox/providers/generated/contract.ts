import { describe, expect, it } from "vitest";
import type { GeneratedType, InputKind } from "../../../../sandbox/providers/generated/generated-type.ts";
import { type DeclaredKind, declaredResource, declaredTokens } from "./declared.ts";

const DECLARED_KINDS: Readonly<Record<InputKind, DeclaredKind>> = {
  string: "string",
  integer: "number",
  boolean: "boolean",
  map: "map",
  strings: "list",
  object: "object",
};

/**
 * Declares the tests that hold a stand-in against what its vendor's npm package declares, which is generated from the
 * schema of the vendor's plugin.
 *
 * @param name The package's, e.g. `random`.
 * @param settled Outputs that are always there though their inputs need not be.
 */
export function itAgreesWithTheVendor(
  name: string,
  types: readonly GeneratedType[],
  settled: readonly string[] = [],
): void {
  describe(`the ${name} stand-in and the vendor's package`, () => {
    it("know the same types", () => {
      expect(types.map((type) => type.token).sort()).toEqual(declaredTokens(name).sort());
    });

    it.each(types.map((type) => [type.token, type] as const))("agree on %s", (token, type) => {
      const inputs = Object.entries(type.inputs);
      const namesOf = (wanted: (input: (typeof inputs)[number]) => boolean) =>
        inputs.filter(wanted).map(([input]) => input);
      const isAlwaysThere = ([input, { required, default: inPlace }]: (typeof inputs)[number]) =>
        required || inPlace !== undefined || settled.includes(input);
      expect({
        inputs: Object.fromEntries(inputs.map(([input, { kind }]) => [input, DECLARED_KINDS[kind]])),
        requiredInputs: namesOf(([, { required }]) => required === true).sort(),
        deprecatedInputs: namesOf(([, { deprecation }]) => deprecation !== undefined).sort(),
        outputs: [...Object.keys(type.inputs), ...type.generatedOutputs].sort(),
        requiredOutputs: [...type.generatedOutputs, ...namesOf(isAlwaysThere)].sort(),
        secretOutputs: [...(type.secretOutputs ?? [])].sort(),
      }).toEqual(declaredResource(token));
    });
  });
}
