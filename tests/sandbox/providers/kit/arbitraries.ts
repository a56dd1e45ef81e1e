import fc from "fast-check";
import {
  type PropertyMap,
  type PropertyValue,
  Secret,
  UNKNOWN,
} from "../../../../sandbox/providers/kit/index.ts";

const name = fc.string({ maxLength: 8 }).filter((text) => text !== "__proto__");

const { value } = fc.letrec<{ value: PropertyValue; leaf: PropertyValue; map: PropertyMap }>((tie) => ({
  leaf: fc.oneof(
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string(),
    fc.constant(UNKNOWN),
  ),
  map: fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("map"),
    tie("leaf").map((leaf) => new Secret(leaf)),
  ),
}));

/** Any property value, with markers at any depth. Without null, which stands for an absent property. */
export const values = value;

/** Any properties of a resource. */
export const properties: fc.Arbitrary<PropertyMap> = fc.dictionary(name, value, {
  maxKeys: 5,
  noNullPrototype: true,
});
