import { type Fields, integer, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { address } from "../dsl/values.ts";

const inputs: Fields = {
  ipAddress: string({ replaces: true, rules: [address] }),
  name: string({
    required: true,
    replaces: true,
    pattern: [/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i, "is no domain name"],
  }),
};

/** A DNS zone that DigitalOcean serves. */
export const domain: ResourceDefinition = {
  token: resourceToken("Domain"),
  noun: "a domain",
  inputs,
  outputs: { domainUrn: string({ wire: "urn" }), ttl: integer() },
  operations: rest({
    inputs,
    path: "/v2/domains",
    one: "domain",
    many: "domains",
    id: (document) => String(document.name),
    document: (document) => ({ ...document, urn: `do:domain:${String(document.name)}` }),
  }),
};
