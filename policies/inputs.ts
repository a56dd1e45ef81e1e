import type { PolicyResource, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { beginResource } from "./context.ts";

const inputsByUrn = new Map<string, ResourceValidationArgs["props"]>();

/**
 * Refuses nothing: keeps what each resource asks for, for the rules across resources. The engine shows a pack every resource
 * alone before it shows it the stack, so the pack needs this once, before all rules.
 */
export const rememberInputs = {
  name: "remember-inputs",
  description: "Keeps what each resource asks for, so that rules across resources can judge a first preview.",
  enforcementLevel: "advisory",
  validateResource: ({ urn, props }: ResourceValidationArgs): void => {
    beginResource(urn);
    inputsByUrn.set(urn, props);
  },
} satisfies ResourceValidationPolicy;

/**
 * The resources with what they ask for. The engine hands rules across resources the outputs, and those of a cluster
 * that is only made in this change are all unknown: the inputs, which {@link rememberInputs} was shown before, are
 * known.
 */
export function withInputs(resources: readonly PolicyResource[]): PolicyResource[] {
  return resources.map((resource) => ({
    ...resource,
    props: inputsByUrn.get(resource.urn) ?? resource.props,
  }));
}
