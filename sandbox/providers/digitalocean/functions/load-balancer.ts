import { ProviderError } from "../../kit/index.ts";
import { boolean, type Fields, integer, list, map, object, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { loadBalancer } from "../resources/load-balancer.ts";

/** The function tells neither of these. */
const { networkStack: _stack, tlsCipherPolicy: _policy, ...told } = loadBalancer.inputs;
const { firewall, glbSettings: _global, healthcheck, stickySessions, ...shared } = told;

/** The plugin's resource has one of what its function has a list of. */
const listOf = (field: Fields[string] | undefined) => list(field ?? object({}));

/** A load balancer that exists already, such as one that Kubernetes has had made for a Service. */
export const getLoadBalancer: FunctionDefinition = {
  token: functionToken("getLoadBalancer"),
  noun: "getLoadBalancer",
  inputs: { id: string(), name: string() },
  outputs: {
    ...shared,
    disableLetsEncryptDnsRecords: boolean(),
    firewalls: listOf(firewall),
    glbSettings: list(
      object({
        cdns: list(object({ isEnabled: boolean() })),
        failoverThreshold: integer(),
        regionPriorities: map(integer()),
        targetPort: integer(),
        targetProtocol: string(),
      }),
    ),
    healthchecks: listOf(healthcheck),
    id: string(),
    ip: string(),
    ipv6: string(),
    loadBalancerUrn: string({ wire: "urn" }),
    status: string(),
    stickySessions: listOf(stickySessions),
  },
  async answer(inputs, { api, signal }) {
    const balancers = await api.list("/v2/load_balancers", "load_balancers", signal);
    const [property, wanted] = inputs.id === undefined ? ["name", inputs.name] : ["id", inputs.id];
    const found = balancers.find((each) => each[String(property)] === wanted);
    if (found === undefined)
      throw new ProviderError(`there is no load balancer whose ${String(property)} is ${String(wanted)}`);
    return { ...found, urn: `do:loadbalancer:${String(found.id)}` };
  },
};
