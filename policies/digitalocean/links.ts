import type { PolicyResource } from "@pulumi/policy";

/** The resources of some types that one refers to by a property: known before any of them has an id. */
export const referredTo = (
  { propertyDependencies }: PolicyResource,
  property: string,
  ...types: readonly string[]
): PolicyResource[] =>
  (propertyDependencies[property] ?? []).filter(({ type }) => types.length === 0 || types.includes(type));

/** Whether one refers to the other by a property. */
export const refersTo = (resource: PolicyResource, property: string, other: PolicyResource): boolean =>
  referredTo(resource, property).some(({ urn }) => urn === other.urn);

/** Whether two refer to the same resource of some type, each by a property of its own. */
export function referToTheSame(
  one: PolicyResource,
  oneProperty: string,
  other: PolicyResource,
  otherProperty: string,
  type: string,
): boolean {
  const targets = new Set(referredTo(one, oneProperty, type).map(({ urn }) => urn));
  return referredTo(other, otherProperty, type).some(({ urn }) => targets.has(urn));
}

/** Whether a value is given, though it may be unknown yet: that something stands there can be seen before what it is. */
export const isGiven = (props: PolicyResource["props"] | undefined, key: string): boolean =>
  typeof props === "object" && props !== null && key in props;
