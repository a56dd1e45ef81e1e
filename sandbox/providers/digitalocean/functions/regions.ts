import { boolean, list, object, set, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { select, selection } from "../support/selection.ts";
import { uniqueId } from "../support/unique-id.ts";

/** The regions of DigitalOcean. */
export const getRegions: FunctionDefinition = {
  token: functionToken("getRegions"),
  noun: "getRegions",
  inputs: selection,
  outputs: {
    id: string(),
    regions: list(
      object({
        available: boolean(),
        features: set(string()),
        name: string(),
        sizes: set(string()),
        slug: string(),
      }),
    ),
  },
  async answer(inputs, { api, signal }) {
    const regions = await api.list("/v2/regions", "regions", signal);
    return { id: uniqueId("terraform-"), regions: select(regions, inputs) };
  },
};
