import type { StateResource } from "./state.ts";

/**
 * The resources, each behind all that it depends on, and otherwise as they were: the engine refuses a state in which a
 * resource comes before its parent, its provider or one of its dependencies.
 */
export function inOrder(resources: readonly StateResource[]): StateResource[] {
  const byUrn = new Map<string, StateResource[]>();
  for (const resource of resources) {
    byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  }
  const ordered = new Set<StateResource>();
  const visited = new Set<StateResource>();
  const visit = (resource: StateResource) => {
    if (visited.has(resource)) return;
    visited.add(resource);
    for (const urn of dependenciesOf(resource)) for (const other of byUrn.get(urn) ?? []) visit(other);
    ordered.add(resource);
  };
  for (const resource of resources) visit(resource);
  return [...ordered];
}

function dependenciesOf(resource: StateResource): string[] {
  const { parent, provider, deletedWith, dependencies, propertyDependencies } = resource;
  return [
    ...[parent, provider?.slice(0, provider.lastIndexOf("::")), deletedWith].filter(
      (urn) => urn !== undefined,
    ),
    ...(dependencies ?? []),
    ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
  ];
}
