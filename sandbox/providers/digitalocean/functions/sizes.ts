import { boolean, integer, list, number, object, set, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { select, selection } from "../support/selection.ts";
import { uniqueId } from "../support/unique-id.ts";

/** The sizes of droplets, and what they cost. */
export const getSizes: FunctionDefinition = {
  token: functionToken("getSizes"),
  noun: "getSizes",
  inputs: selection,
  outputs: {
    id: string(),
    sizes: list(
      object({
        available: boolean(),
        disk: integer(),
        memory: integer(),
        priceHourly: number(),
        priceMonthly: number(),
        regions: set(string()),
        slug: string(),
        transfer: number(),
        vcpus: integer(),
      }),
    ),
  },
  async answer(inputs, { api, signal }) {
    const sizes = await api.list("/v2/sizes", "sizes", signal);
    return { id: uniqueId("terraform-"), sizes: select(sizes, inputs) };
  },
};
