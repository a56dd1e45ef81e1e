import { boolean, type Fields, name, set, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";

const inputs: Fields = {
  enabled: boolean({ default: true }),
  name: name(),
  regions: set(string({ oneOf: ["us_east", "us_west", "eu_west", "se_asia"] })),
  target: string({ required: true, minLength: 1 }),
  type: string({ default: "https", oneOf: ["ping", "http", "https"] }),
};

/** A check of a target from several parts of the world. */
export const uptimeCheck: ResourceDefinition = {
  token: resourceToken("UptimeCheck"),
  noun: "an uptime check",
  inputs,
  outputs: {},
  operations: rest({
    inputs,
    path: "/v2/uptime/checks",
    one: "check",
    many: "checks",
    identity: ["name", "target"],
    change: { method: "PUT" },
  }),
};
