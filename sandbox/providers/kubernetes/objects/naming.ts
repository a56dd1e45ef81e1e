import { createHash, randomBytes } from "node:crypto";
import { ProviderError } from "../../kit/errors.ts";
import type { Autonaming } from "../../kit/provider.ts";

/** How much of a name made up is random: hexadecimal digits, as the vendor's plugin has them. */
const SUFFIX_DIGITS = 8;

/**
 * A name for an object that the program left unnamed: the logical name and a random suffix, or what the project's
 * `pulumi:autonaming` setting proposes. The same seed gives the same name. Throws when the setting forbids names made up.
 */
export function makeUpName(
  logicalName: string,
  seed: Uint8Array,
  autonaming: Autonaming | undefined,
): string {
  if (autonaming?.mode === "disable") {
    throw new ProviderError("autonaming is disabled in the project's settings: set metadata.name");
  }
  if (autonaming !== undefined && autonaming.proposedName !== "") return autonaming.proposedName;
  return `${logicalName}-${randomSuffix(seed)}`;
}

/** The name under which the provider manages an object's fields, one for each object. */
export function makeUpFieldManager(): string {
  return `pulumi-kubernetes-${randomSuffix(new Uint8Array())}`;
}

/** Whether a name is one of those. */
export function isMadeUpFieldManager(name: string): boolean {
  return /^pulumi-kubernetes-[0-9a-f]{8}$/.test(name);
}

function randomSuffix(seed: Uint8Array): string {
  const bytes = seed.length === 0 ? randomBytes(SUFFIX_DIGITS) : createHash("sha256").update(seed).digest();
  return bytes.toString("hex").slice(0, SUFFIX_DIGITS);
}
