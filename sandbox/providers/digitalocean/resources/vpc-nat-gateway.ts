import { boolean, type Fields, integer, list, name, object, set, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest, whenStatus } from "../dsl/rest.ts";
import { uuid } from "../dsl/values.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { goTime } from "../support/time.ts";

const TIMEOUTS = ["icmpTimeoutSeconds", "tcpTimeoutSeconds", "udpTimeoutSeconds"] as const;

const inputs: Fields = {
  icmpTimeoutSeconds: integer({ computed: true, min: 1, max: 120 }),
  name: name(),
  projectId: string({ zero: true, computed: true }),
  region: string({ required: true, offer: "regions" }),
  size: integer({ required: true, min: 1 }),
  tcpTimeoutSeconds: integer({ computed: true, min: 1, max: 2_700 }),
  type: string({ required: true, oneOf: ["PUBLIC"] }),
  udpTimeoutSeconds: integer({ computed: true, min: 1, max: 600 }),
  vpcs: set(
    object({
      defaultGateway: boolean(),
      gatewayIp: string({ computed: true }),
      subnetUuid: string({ zero: true, computed: true, replaces: true }),
      vpcUuid: string({ required: true, replaces: true, rules: [uuid] }),
    }),
    { required: true, minItems: 1 },
  ),
};

/** The API answers with an object where the vendor's plugin keeps a list of at most one. */
function asTold(document: PlainMap): PlainMap {
  const { egresses } = document;
  return {
    ...document,
    egresses: isPlainMap(egresses) ? [egresses] : (egresses ?? []),
    created_at: goTime(document.created_at),
    updated_at: goTime(document.updated_at),
  };
}

/** A gateway through which a private network reaches the internet from fixed addresses. */
export const vpcNatGateway: ResourceDefinition = {
  token: resourceToken("VpcNatGateway"),
  noun: "a NAT gateway",
  inputs,
  outputs: {
    createdAt: string(),
    egresses: list(object({ publicGateways: set(object({ ipv4: string() })) })),
    state: string(),
    updatedAt: string(),
  },
  operations: rest({
    inputs,
    path: "/v2/vpc_nat_gateways",
    one: "vpc_nat_gateway",
    many: "vpc_nat_gateways",
    ready: whenStatus("ACTIVE", { field: "state", failed: ["ERROR"] }),
    change: { method: "PUT", body: (news) => pickWire(inputs, news, ["name", "size", "vpcs", ...TIMEOUTS]) },
    document: asTold,
    goesSlowly: true,
  }),
};
