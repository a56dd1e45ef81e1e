import type { PolicyResource } from "@pulumi/policy";
import { refersTo, referToTheSame } from "../links.ts";
import type { MachineResource } from "../machines/machine.ts";

const firewallType = "digitalocean:index/firewall:Firewall";
const tagType = "digitalocean:index/tag:Tag";

/** The firewalls of a stack. */
export const firewallsOf = (resources: readonly PolicyResource[]): PolicyResource[] =>
  resources.filter(({ type }) => type === firewallType);

/** Whether a firewall stands before a machine: it names it, or bears a tag that the machine bears too. */
export function covers(
  firewall: PolicyResource,
  { resource, props, tagsProperty }: MachineResource,
): boolean {
  return (
    refersTo(firewall, "dropletIds", resource) ||
    referToTheSame(firewall, "tags", resource, tagsProperty, tagType) ||
    shareTag(firewall.props.tags ?? [], props.tags ?? [])
  );
}

function shareTag(ones: readonly string[], others: readonly string[]): boolean {
  // Tags are the same in any case of their letters.
  const known = new Set(ones.map((tag) => tag.toLowerCase()));
  return others.some((tag) => known.has(tag.toLowerCase()));
}
