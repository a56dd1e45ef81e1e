import type { LoadBalancerArgs } from "@pulumi/digitalocean";
import type { Unwrap } from "@pulumi/pulumi";
import { type Report, type Rule, type RuleDetails, resourceRule } from "../../rule.ts";

const balancerType = "digitalocean:index/loadBalancer:LoadBalancer";
const serviceType = "kubernetes:core/v1:Service";

/** What a Service's annotations of DigitalOcean's begin with. */
const annotation = "service.beta.kubernetes.io/do-loadbalancer-";

/** Protocols that a load balancer reads, and does not just pass on. */
const read = ["http", "https", "http2", "http3"];
const encrypted = ["https", "http2", "http3"];

/** A load balancer, whoever makes it: the stack itself, or the cluster for a Service. */
export interface Balancer {
  /** Whether it ends TLS: packets that it passes on are somebody else's to decrypt. */
  readonly endsTls: boolean;
  /** Whether it reads HTTP. */
  readonly readsHttp: boolean;
  /** @param property of a LoadBalancer. @param annotation of a Service, by the end of its name. */
  setting(
    property: keyof LoadBalancerArgs,
    annotation: string,
  ): { readonly value: unknown; readonly path: string };
  /** Changes what {@link Balancer.setting} reads. */
  set(property: keyof LoadBalancerArgs, annotation: string, value: string): void;
}

interface ServiceArgs {
  metadata?: { annotations?: Record<string, string> };
  readonly spec?: { readonly type?: string };
}

/** A rule that judges each load balancer, and each Service for which the cluster makes one that reads what passes. */
export const balancerRule = (
  details: RuleDetails & {
    readonly check: (balancer: Balancer, report: Report) => void;
    readonly mend?: (balancer: Balancer) => void;
  },
): Rule => {
  const { check, mend, ...rest } = details;
  const on = (inputs: BalancerInputs, type: string, work: (balancer: Balancer) => void) => {
    if (type === balancerType) work(made(inputs));
    else if (inputs.spec?.type === "LoadBalancer") work(ofService(inputs));
  };
  return resourceRule<LoadBalancerArgs & ServiceArgs>({
    ...rest,
    types: [balancerType, serviceType],
    check: (inputs, report, { type }) => on(inputs, type, (balancer) => check(balancer, report)),
    ...(mend && { mend: (inputs, { type }) => on(inputs, type, mend) }),
  });
};

type BalancerInputs = Unwrap<LoadBalancerArgs & ServiceArgs>;

function made(inputs: Unwrap<LoadBalancerArgs>): Balancer {
  const rules = (inputs.forwardingRules ?? []).filter(({ tlsPassthrough }) => tlsPassthrough !== true);
  return {
    endsTls: rules.some(({ entryProtocol }) => encrypted.includes(entryProtocol)),
    readsHttp: rules.some(({ entryProtocol }) => read.includes(entryProtocol)),
    setting: (property) => ({ value: inputs[property], path: property }),
    set: (property, _annotation, value) => void Object.assign(inputs, { [property]: value }),
  };
}

function ofService(service: ServiceArgs): Balancer {
  const annotations = service.metadata?.annotations ?? {};
  const endsTls = ["certificate-name", "certificate-id"].some(
    (name) => `${annotation}${name}` in annotations,
  );
  return {
    endsTls,
    readsHttp: endsTls || read.includes(annotations[`${annotation}protocol`] ?? ""),
    setting: (_property, name) => ({
      value: annotations[`${annotation}${name}`],
      path: `metadata.annotations[${annotation}${name}]`,
    }),
    set: (_property, name, value) => {
      service.metadata ??= {};
      service.metadata.annotations ??= {};
      service.metadata.annotations[`${annotation}${name}`] = value;
    },
  };
}
