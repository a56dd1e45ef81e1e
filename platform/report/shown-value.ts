import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc.js";

/** Where a plugin made from a Terraform provider notes which properties it filled in. */
export const bridgeDefaults = "__defaults";

/**
 * A value of the engine's events or of a state, as people and machines may see it: what is secret reads `[secret]`,
 * what nobody can know yet `[unknown]`, at any depth, and nothing beside it. What the vendor's plugins note for
 * themselves of their own defaults is left out.
 */
export function shownValue(value: unknown): unknown {
  if (typeof value === "string") return value.includes(unknownValue) ? "[unknown]" : value;
  if (Array.isArray(value)) return value.map(shownValue);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  if (members.some(([key, member]) => key === specialSigKey && member === specialSecretSig))
    return "[secret]";
  return Object.fromEntries(
    members.filter(([key]) => key !== bridgeDefaults).map(([key, member]) => [key, shownValue(member)]),
  );
}
