import { boolean, type Fields, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import { cidr } from "../dsl/values.ts";
import { goTime } from "../support/time.ts";

const inputs: Fields = {
  description: string({ maxLength: 255 }),
  ipRange: string({ computed: true, replaces: true, rules: [cidr] }),
  name: name(),
  region: string({ required: true, replaces: true, offer: "regions" }),
};

/** A private network. */
export const vpc: ResourceDefinition = {
  token: resourceToken("Vpc"),
  noun: "a VPC",
  inputs,
  outputs: { createdAt: string(), default: boolean(), vpcUrn: string({ wire: "urn" }) },
  operations: rest({
    inputs,
    path: "/v2/vpcs",
    one: "vpc",
    many: "vpcs",
    document: (found) => ({ ...found, created_at: goTime(found.created_at) }),
    change: {
      method: "PATCH",
      body: (news) => ({ description: "", ...pickWire(inputs, news, ["name", "description"]) }),
    },
    goesSlowly: true,
  }),
};
