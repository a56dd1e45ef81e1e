import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";

const inputsByUrn = new Map<string, ResourceValidationArgs["props"]>();

/** Keeps what a resource asks for, for the rules across resources. */
export function rememberInputs({ urn, props }: ResourceValidationArgs): void {
  inputsByUrn.set(urn, props);
}

/**
 * The resources with what they ask for. The engine hands rules across resources the outputs, and those of a cluster
 * that is only made in this change are all unknown: the inputs, which the rules for single resources were shown
 * before, are known.
 */
export function withInputs(resources: readonly PolicyResource[]): PolicyResource[] {
  return resources.map((resource) => ({
    ...resource,
    props: inputsByUrn.get(resource.urn) ?? resource.props,
  }));
}
